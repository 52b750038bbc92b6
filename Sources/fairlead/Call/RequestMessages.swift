import FairleadCalls
import FairleadDescriptors

/// The messages of a request on their way from JSON to the wire.
///
/// A method that takes one message has all of its data read before the call begins; a stream has each
/// message sent as it is read.
struct RequestMessages: Sendable {
  private enum Source: Sendable {
    case ready([UInt8])
    case stream(RequestData)
  }

  private let source: Source
  private let method: CallableMethod

  /// - Throws: ``UsageFailure`` or `JSONProblem` for data that makes no message.
  init(_ data: RequestData, for method: CallableMethod) async throws {
    self.method = method
    guard !method.method.isClientStreaming else {
      self.source = .stream(data)
      return
    }
    var reader = try RequestReader(data)
    let value = try await reader.next() ?? .object([])
    guard try await reader.next() == nil else {
      throw UsageFailure(
        "The method \(method.method.fullName.printable) takes one message, and the data has several."
      )
    }
    self.source = .ready(try Self.encode(value, number: nil, method))
  }

  /// Sends each of them.
  func forEach(_ send: DynamicCall.Send) async throws {
    switch self.source {
    case .ready(let bytes): try await send(bytes)
    case .stream(let data):
      var reader = try RequestReader(data)
      var number = 0
      while let value = try await reader.next() {
        number += 1
        try await send(try Self.encode(value, number: number, self.method))
      }
    }
  }

  private static func encode(
    _ value: JSONValue, number: Int?, _ method: CallableMethod
  ) throws -> [UInt8] {
    let type = method.method.request
    do {
      return try method.codec.encode(value, as: type)
    } catch {
      let which = number.map { "Message \($0) of the data" } ?? "The data"
      throw UsageFailure(
        "\(which) is no \(type.fullName.printable): \(error.clause.printable).")
    }
  }
}
