import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Where a call puts what it sends.
struct CallWriter: ClosableRPCWriterProtocol {
  typealias Element = RPCRequestPart<GRPCNIOTransportBytes>

  let call: CallStream

  func write(_ element: Element) async throws {
    try await call.send(element)
  }

  func write(contentsOf elements: some Sequence<Element>) async throws {
    for element in elements {
      try await call.send(element)
    }
  }

  func finish() async {
    await call.finish()
  }

  func finish(throwing error: any Error) async {
    await call.finish(throwing: error)
  }
}
