import NIOCore

/// Writes what its channel reads to another channel, and reads on only when the other has taken it. What comes before
/// there is another channel waits for it; an end is passed on after the last byte.
final class ForwardingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let count: (Int) -> Void
  private var early: [ByteBuffer]
  private var other: (any Channel)?
  private var unfinishedWrites = 0
  private var ending = Ending.none

  private enum Ending {
    case none
    /// The channel will give nothing more.
    case input
    /// The channel is gone: it takes nothing either.
    case whole
  }

  /// - Parameters:
  ///   - early: what was read before.
  ///   - count: told how many bytes are passed on.
  init(early: ByteBuffer?, count: @escaping (Int) -> Void) {
    self.early = early.map { [$0] } ?? []
    self.count = count
  }

  /// The other channel is there.
  func begin(from channel: any Channel, to other: any Channel) {
    self.other = other
    for buffer in early {
      forward(buffer, from: channel, to: other)
    }
    early = []
    passOnEnd()
    channel.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    if let other {
      forward(buffer, from: context.channel, to: other)
    } else {
      early.append(buffer)
    }
  }

  private func forward(_ buffer: ByteBuffer, from channel: any Channel, to other: any Channel) {
    count(buffer.readableBytes)
    unfinishedWrites += 1
    other.writeAndFlush(buffer).assumeIsolated().whenComplete { result in
      self.unfinishedWrites -= 1
      switch result {
      case .success where self.unfinishedWrites == 0: channel.read()
      case .success: break
      case .failure: channel.close(promise: nil)
      }
      self.passOnEnd()
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed, ending == .none {
      ending = .input
      passOnEnd()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    ending = .whole
    passOnEnd()
  }

  /// Closing with writes unfinished would lose them.
  private func passOnEnd() {
    guard unfinishedWrites == 0, let other else { return }
    switch ending {
    case .none: break
    case .input: other.close(mode: .output, promise: nil)
    case .whole: other.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
