import FairleadDescriptors
import GRPCCore

/// What a server says of an error beyond code and message: the `google.rpc.Status` in the trailer
/// `grpc-status-details-bin`.
package struct ErrorDetails: Sendable, Hashable {
  /// Details that are shown of one error.
  package static let maximumCount = 64

  /// The code in the details; it should be the status's own.
  package let code: Int
  package let message: String
  /// Each with its `@type`; one of an unknown type has its bytes in base64 as `@value`.
  package let details: [JSONValue]
  /// Details beyond ``maximumCount``.
  package let omitted: Int

  /// - Parameter source: Where the server's own types are looked up; nil for nowhere.
  /// - Returns: Nil if there are none.
  /// - Throws: `CodecProblem` if what is there is no `google.rpc.Status`.
  package static func read(
    trailers: Metadata, source: (any DescriptorSource)?
  ) async throws -> ErrorDetails? {
    for bytes in trailers[binaryValues: "grpc-status-details-bin"] {
      return try await ErrorDetails(bytes, source: source)
    }
    return nil
  }

  private init(_ bytes: [UInt8], source: (any DescriptorSource)?) async throws {
    let pool = Self.knownTypes
    let codec = MessageCodec(pool)
    var options = JSONOptions()
    options.showsUnknownTypes = true
    let status = try codec.value(
      wire: bytes, as: pool.message(named: "google.rpc.Status"), options: options)
    self.code = if case .number(let text)? = status["code"] { Int(text) ?? 0 } else { 0 }
    self.message = if case .string(let text)? = status["message"] { text } else { "" }
    guard case .array(let items)? = status["details"] else {
      (self.details, self.omitted) = ([], 0)
      return
    }
    self.omitted = max(0, items.count - Self.maximumCount)
    var details: [JSONValue] = []
    for item in items.prefix(Self.maximumCount) {
      details.append(await Self.resolve(item, source) ?? item)
    }
    self.details = details
  }

  /// A detail of one of the server's own types; nil if that is not known.
  private static func resolve(
    _ detail: JSONValue, _ source: (any DescriptorSource)?
  ) async -> JSONValue? {
    guard let name = detail.unknownTypes.first, case .string(let text)? = detail["@value"],
      let url = detail["@type"], let bytes = Base64.decode(Array(text.utf8)),
      let pool = await source?.pool(adding: name), let type = try? pool.message(named: name)
    else { return nil }
    var reader = MessageReader(
      type, codec: MessageCodec(pool), source: source, options: JSONOptions())
    guard case .object(let members)? = try? await reader.json(of: bytes) else { return nil }
    return .object([.init("@type", url)] + members)
  }

  /// The types that gRPC's servers use by convention.
  private static let knownTypes: DescriptorPool = {
    do {
      guard let bytes = Base64.decode(Array(errorDetailDescriptors.utf8)) else {
        throw DescriptorProblem("It is no base64.")
      }
      return try DescriptorPool(descriptorSet: bytes)
    } catch {
      preconditionFailure("ErrorDetailDescriptors.swift is damaged: run scripts/generate-protos.")
    }
  }()
}
