import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS
import Testing

@testable import FairleadGRPC

@Suite("The check of ALPN")
struct ALPNCheckTests {
  private let channel = EmbeddedChannel()
  private let handshake: EventLoopPromise<Void>

  init() {
    handshake = channel.eventLoop.makePromise()
  }

  private func add(requiresALPN: Bool = true) throws {
    try channel.pipeline.syncOperations.addHandler(
      ALPNCheck(server: "10.0.0.1:80", requiresALPN: requiresALPN, handshake: handshake))
    try channel.connect(to: SocketAddress(ipAddress: "10.0.0.1", port: 80)).wait()
  }

  private func completed(_ agreed: String?) {
    channel.pipeline.fireUserInboundEventTriggered(
      TLSUserEvent.handshakeCompleted(negotiatedProtocol: agreed))
  }

  @Test("passes h2 on, and leaves with the first bytes")
  func good() throws {
    try add()
    completed("h2")
    try handshake.futureResult.wait()
    #expect(channel.isActive)
    try channel.writeInbound(ByteBuffer(string: "SETTINGS"))
    #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "SETTINGS"))
    #expect(throws: (any Error).self) {
      try channel.pipeline.syncOperations.handler(type: ALPNCheck.self)
    }
  }

  @Test("closes the connection to a server that agreed on nothing, or on another protocol")
  func refused() throws {
    for (agreed, words) in [
      (nil, "did not agree on a protocol"), ("http/1.1", "wants to speak http/1.1"),
    ] {
      let test = ALPNCheckTests()
      try test.add()
      test.completed(agreed)
      let error = #expect(throws: SecurityError.self) {
        try test.handshake.futureResult.wait()
      }
      #expect(
        error?.message
          == "The server 10.0.0.1:80 \(words) after TLS, not HTTP/2; let it offer h2 by ALPN.")
      #expect(throws: SecurityError.self) { try test.channel.throwIfErrorCaught() }
      #expect(!test.channel.isActive)
    }
    channel.pipeline.fireChannelUnregistered()
    handshake.succeed()
  }

  @Test("lets a server without ALPN be if told so, but none that agreed on another protocol")
  func lenient() throws {
    try add(requiresALPN: false)
    completed(nil)
    try handshake.futureResult.wait()
    #expect(channel.isActive)
    let other = ALPNCheckTests()
    try other.add(requiresALPN: false)
    other.completed("http/1.1")
    #expect(throws: SecurityError.self) { try other.handshake.futureResult.wait() }
    #expect(throws: SecurityError.self) { try other.channel.throwIfErrorCaught() }
  }

  @Test("fails when the connection ends before the handshake does")
  func cut() throws {
    try add()
    try channel.close().wait()
    let error = #expect(throws: SecurityError.self) { try handshake.futureResult.wait() }
    #expect(error?.message.contains("cut the connection during the TLS handshake") == true)
  }

  @Test("turns errors of TLS into sentences, and passes others on as they are")
  func errors() throws {
    try add()
    completed("h2")
    channel.pipeline.fireErrorCaught(NIOSSLError.unableToValidateCertificate)
    #expect(throws: SecurityError.self) { try channel.throwIfErrorCaught() }
    channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
    #expect(throws: ChannelError.inputClosed) { try channel.throwIfErrorCaught() }
    try handshake.futureResult.wait()
  }
}
