import FairleadDescriptors

/// Reads the messages of one type as JSON; the types inside of an `Any` that are not known yet are
/// looked up.
package struct MessageReader: Sendable {
  /// Types that are looked up; a server could name a new one in each message.
  private static let maximumLookups = 32

  private let source: (any DescriptorSource)?
  private let typeName: String
  private let options: JSONOptions
  private var type: MessageDescriptor
  private var codec: MessageCodec
  private var lookedUp: Set<String> = []

  /// - Parameters:
  ///   - type: Of the codec's pool.
  ///   - source: Where further types are looked up; nil for nowhere.
  package init(
    _ type: MessageDescriptor, codec: MessageCodec, source: (any DescriptorSource)?,
    options: JSONOptions
  ) {
    self.type = type
    self.typeName = type.fullName
    self.codec = codec
    self.source = source
    var options = options
    options.showsUnknownTypes = true
    self.options = options
  }

  /// - Throws: `CodecProblem` for bytes that are no such message.
  package mutating func json(of bytes: [UInt8]) async throws -> JSONValue {
    while true {
      let value = try self.codec.value(wire: bytes, as: self.type, options: self.options)
      guard let missing = self.nextLookup(in: value) else { return value }
      self.lookedUp.insert(missing)
      if let pool = await self.source?.pool(adding: missing),
        let type = try? pool.message(named: self.typeName)
      {
        self.codec = MessageCodec(pool)
        self.type = type
      }
    }
  }

  private func nextLookup(in value: JSONValue) -> String? {
    guard self.source != nil, self.lookedUp.count < Self.maximumLookups else { return nil }
    return value.unknownTypes.first { !self.lookedUp.contains($0) }
  }
}

extension JSONValue {
  /// The names of the types of each `Any` that is shown by its bytes, in order.
  var unknownTypes: [String] {
    switch self {
    case .null, .bool, .number, .string: return []
    case .array(let items): return items.flatMap(\.unknownTypes)
    case .object(let members):
      if case .string(let url)? = self["@type"], self["@value"] != nil {
        let name = url.lastIndex(of: "/").map { String(url[url.index(after: $0)...]) } ?? url
        return name.isEmpty ? [] : [name]
      }
      return members.flatMap(\.value.unknownTypes)
    }
  }
}
