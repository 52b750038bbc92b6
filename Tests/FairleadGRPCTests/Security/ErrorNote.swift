import FairleadGRPC
import NIOCore
import Synchronization

/// The first `SecurityError` of a connection.
final class ErrorNote: Sendable {
  private let state = Mutex<SecurityError?>(nil)

  var error: SecurityError? { state.withLock(\.self) }

  /// Stands behind what makes sentences of errors.
  final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let note: ErrorNote

    init(_ note: ErrorNote) {
      self.note = note
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if let error = error as? SecurityError {
        note.state.withLock { $0 = $0 ?? error }
      }
      context.fireErrorCaught(error)
    }
  }
}
