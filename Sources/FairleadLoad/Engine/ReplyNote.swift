import FairleadCalls
import GRPCCore
import Synchronization

/// What a reply says of who gave it. Written by the tasks of one call.
final class ReplyNote: Sendable {
  private struct State {
    var backend: String?
    var bytes = 0
    var messages = 0
  }

  private let source: BackendSource
  private let state = Mutex(State())

  init(_ source: BackendSource) {
    self.source = source
  }

  var backend: String? { state.withLock(\.backend) }
  var bytes: Int { state.withLock(\.bytes) }

  func note(_ event: CallEvent) {
    switch event {
    case .headers(let headers, _): note(headers)
    case .message(let message):
      let isFirst = state.withLock { state in
        state.bytes += message.count + 5
        state.messages += 1
        return state.messages == 1
      }
      if isFirst, case .field(let field) = source, let name = field.value(in: message) {
        state.withLock { $0.backend = name }
      }
    }
  }

  func note(trailers: Metadata) {
    note(trailers)
  }

  private func note(_ metadata: Metadata) {
    guard case .header(let name) = source,
      let value = metadata[stringValues: name].first(where: { _ in true })
    else { return }
    state.withLock { $0.backend = value }
  }
}
