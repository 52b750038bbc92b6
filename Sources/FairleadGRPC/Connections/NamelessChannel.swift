import NIOCore

/// A channel that does not say where it is connected to.
///
/// grpc-swift asks for both addresses, and writes them out, for each stream on a wrapped channel. A
/// ``WrappedChannel`` knows them once and for all.
final class NamelessChannel: Channel {
  private let base: any Channel

  init(_ base: any Channel) {
    self.base = base
  }

  /// The channel itself, which knows its addresses.
  static func named(_ channel: any Channel) -> any Channel {
    (channel as? NamelessChannel)?.base ?? channel
  }

  var localAddress: SocketAddress? { nil }
  var remoteAddress: SocketAddress? { nil }

  var allocator: ByteBufferAllocator { base.allocator }
  var closeFuture: EventLoopFuture<Void> { base.closeFuture }
  var pipeline: ChannelPipeline { base.pipeline }
  var parent: (any Channel)? { base.parent }
  var isWritable: Bool { base.isWritable }
  var isActive: Bool { base.isActive }
  var _channelCore: any ChannelCore { base._channelCore }
  var eventLoop: any EventLoop { base.eventLoop }
  var syncOptions: (any NIOSynchronousChannelOptions)? { base.syncOptions }

  func setOption<Option: ChannelOption>(
    _ option: Option, value: Option.Value
  ) -> EventLoopFuture<Void> {
    base.setOption(option, value: value)
  }

  func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
    base.getOption(option)
  }
}
