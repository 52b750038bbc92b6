import Yams

/// Turns a parser's tree into ``ManifestNode``: resolves scalars, applies merge keys, and counts,
/// so that aliases cannot multiply a small file into a large tree.
struct NodeConversion {
  struct Failure: Error {
    var code: FindingCode
    var message: String
    var mark: ManifestNode.Mark
  }

  private let limits: YAMLLimits
  private let linesBefore: Int
  private var nodes = 0

  init(limits: YAMLLimits, linesBefore: Int) {
    self.limits = limits
    self.linesBefore = linesBefore
  }

  mutating func convert(_ node: Node, depth: Int = 0) throws(Failure) -> ManifestNode {
    let mark = mark(of: node)
    nodes += 1
    guard nodes <= limits.nodes else {
      throw Failure(
        code: .syntax,
        message: "the document has more than \(limits.nodes) values, aliases written out",
        mark: mark)
    }
    guard depth <= limits.depth else {
      throw Failure(
        code: .syntax, message: "lists and objects are nested more than \(limits.depth) deep",
        mark: mark)
    }
    switch node {
    case .scalar(let scalar):
      return ManifestNode(Self.resolve(scalar), mark: mark)
    case .sequence(let sequence):
      var items: [ManifestNode] = []
      items.reserveCapacity(sequence.count)
      for item in sequence {
        items.append(try convert(item, depth: depth + 1))
      }
      return ManifestNode(.sequence(items), mark: mark)
    case .mapping(let mapping):
      return ManifestNode(.mapping(try fields(of: mapping, depth: depth)), mark: mark)
    case .alias:
      throw Failure(code: .syntax, message: "an alias stands for nothing", mark: mark)
    }
  }

  private mutating func fields(
    of mapping: Node.Mapping, depth: Int
  ) throws(Failure) -> [ManifestNode.Field] {
    var fields: [ManifestNode.Field] = []
    var seen = Set<String>()
    var merged: [ManifestNode.Field] = []
    for (key, value) in mapping {
      let keyMark = mark(of: key)
      guard case .scalar(let scalar) = key else {
        throw Failure(
          code: .syntax, message: "a key must be a plain name, not a list or an object",
          mark: keyMark)
      }
      let converted = try convert(value, depth: depth + 1)
      if scalar.string == "<<", scalar.style == .plain || scalar.style == .any {
        merged += try Self.merge(converted)
        continue
      }
      guard seen.insert(scalar.string).inserted else {
        throw Failure(
          code: .duplicateKey,
          message:
            "the key \(quoted(scalar.string)) is there more than once in one object; keep one",
          mark: keyMark)
      }
      fields.append(ManifestNode.Field(key: scalar.string, keyMark: keyMark, value: converted))
    }
    for field in merged where seen.insert(field.key).inserted {
      fields.append(field)
    }
    return fields
  }

  /// The fields that `<<` brings in: of one object or of several, the first having precedence.
  private static func merge(_ value: ManifestNode) throws(Failure) -> [ManifestNode.Field] {
    switch value.content {
    case .mapping(let fields):
      return fields
    case .sequence(let items):
      var fields: [ManifestNode.Field] = []
      for item in items {
        guard let more = item.fields else {
          throw Failure(code: .syntax, message: "`<<` must name objects only", mark: item.mark)
        }
        fields += more
      }
      return fields
    case .null, .bool, .int, .float, .string:
      throw Failure(code: .syntax, message: "`<<` must name an object", mark: value.mark)
    }
  }

  private static func resolve(_ scalar: Node.Scalar) -> ManifestNode.Content {
    switch scalar.style {
    case .plain, .any:
      // An explicit `!!str` makes a plain scalar a string.
      scalar.tag.rawValue == Tag.Name.str.rawValue
        ? .string(scalar.string) : ScalarResolution.resolve(scalar.string)
    case .singleQuoted, .doubleQuoted, .literal, .folded:
      .string(scalar.string)
    }
  }

  private func mark(of node: Node) -> ManifestNode.Mark {
    guard let mark = node.mark else { return .none }
    return ManifestNode.Mark(line: mark.line + linesBefore, column: mark.column)
  }
}
