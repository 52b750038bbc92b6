import Logging

/// Keeps what is logged, as text.
struct NotedLog: LogHandler {
  let lines: Noted<String>
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  func log(event: LogEvent) {
    lines.note("\(event.level) \(event.message) \(event.metadata ?? [:])")
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }
}
