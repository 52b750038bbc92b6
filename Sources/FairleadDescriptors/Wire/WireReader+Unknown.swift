extension WireReader {
  /// Reads the value after a tag, whatever it is.
  ///
  /// - Parameter depth: How deep it is nested: groups count.
  mutating func unknown(
    _ number: Int32, _ type: WireType, depth: Int
  ) throws(CodecProblem) -> UnknownField {
    switch type {
    case .varint: return UnknownField(number: number, value: .varint(try self.varint()))
    case .fixed64: return UnknownField(number: number, value: .fixed64(try self.fixed64()))
    case .fixed32: return UnknownField(number: number, value: .fixed32(try self.fixed32()))
    case .lengthDelimited:
      return UnknownField(number: number, value: .bytes(try self.lengthDelimited()))
    case .endGroup:
      throw CodecProblem("the group \(number) ends at byte \(self.position) without a beginning")
    case .startGroup:
      guard depth < MessageCodec.maximumDepth else { throw .tooDeep }
      var fields: [UnknownField] = []
      while !self.isAtEnd {
        let tag = try self.tag()
        if tag.type == .endGroup, tag.number == number {
          return UnknownField(number: number, value: .group(fields))
        }
        fields.append(try self.unknown(tag.number, tag.type, depth: depth + 1))
      }
      throw CodecProblem("the group \(number) has no end")
    }
  }

  /// Passes over the value after a tag, and keeps nothing of it.
  mutating func skip(_ number: Int32, _ type: WireType, depth: Int) throws(CodecProblem) {
    switch type {
    case .varint: _ = try self.varint()
    case .fixed64: _ = try self.fixed64()
    case .fixed32: _ = try self.fixed32()
    case .lengthDelimited: self.leave(to: try self.enter())
    case .endGroup:
      throw CodecProblem("the group \(number) ends at byte \(self.position) without a beginning")
    case .startGroup:
      guard depth < MessageCodec.maximumDepth else { throw .tooDeep }
      while !self.isAtEnd {
        let tag = try self.tag()
        if tag.type == .endGroup, tag.number == number { return }
        try self.skip(tag.number, tag.type, depth: depth + 1)
      }
      throw CodecProblem("the group \(number) has no end")
    }
  }
}
