import Logging

/// Keeps what is logged, as text.
package struct NotedLog: LogHandler {
  package let lines: Noted<String>
  package var metadata: Logger.Metadata = [:]
  package var logLevel = Logger.Level.trace

  package init(lines: Noted<String>) {
    self.lines = lines
  }

  package func log(event: LogEvent) {
    let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
    lines.note("\(event.level) \(event.message) \(metadata)")
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }
}
