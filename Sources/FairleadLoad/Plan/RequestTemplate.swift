/// Text in which words in double braces stand for something else in each call: `{{n}}`, `{{uuid}}`, `{{worker}}`,
/// `{{time}}` and `{{random 1 100}}`.
///
/// Where JSON has two braces in a row, they are in a string, and can be written as `\u007b{` to stand for themselves.
package struct RequestTemplate: Sendable {
  enum Part: Sendable, Hashable {
    case literal([UInt8])
    case number
    case slot
    case uuid
    case time
    case random(ClosedRange<Int>)
  }

  let parts: [Part]

  init(parts: [Part]) {
    self.parts = parts
  }

  /// - Throws: ``LoadFailure`` for a word that is not known.
  package init(parsing text: String) throws(LoadFailure) {
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}"),
      let part = try Self.part(rest[open.upperBound..<close.lowerBound])
    {
      parts.append(.literal(Array(rest[..<open.lowerBound].utf8)))
      parts.append(part)
      rest = rest[close.upperBound...]
    }
    parts.append(.literal(Array(rest.utf8)))
    self.parts = parts
  }

  /// Whether it is another text in each call.
  package var varies: Bool {
    parts.contains { part in
      switch part {
      case .literal: false
      case .number, .slot, .uuid, .time, .random: true
      }
    }
  }

  /// The text of one call.
  package func text(for turn: LoadTurn, sources: TemplateSources) -> [UInt8] {
    var text: [UInt8] = []
    for part in parts {
      switch part {
      case .literal(let bytes): text += bytes
      case .number: text += "\(turn.number)".utf8
      case .slot: text += "\(turn.slot)".utf8
      case .uuid: text += sources.uuid().utf8
      case .time: text += sources.time().utf8
      case .random(let range): text += "\(sources.number(in: range))".utf8
      }
    }
    return text
  }

  private static func part(_ text: Substring) throws(LoadFailure) -> Part? {
    let words = text.split(separator: " ")
    switch words.first {
    case "n" where words.count == 1: return .number
    case "worker" where words.count == 1: return .slot
    case "uuid" where words.count == 1: return .uuid
    case "time" where words.count == 1: return .time
    case "random": return .random(try range(words.dropFirst()))
    case _:
      // Braces of JSON look alike: `{"a":{"b":{}}}` has no word in them.
      throw LoadFailure(
        "The data has {{\(text.prefix(40))}}, which stands for nothing; known are {{n}}, {{uuid}}, "
          + "{{worker}}, {{time}} and {{random 1 100}}; write \\u007b{ for two braces that are meant."
      )
    }
  }

  private static func range(_ words: ArraySlice<Substring>) throws(LoadFailure) -> ClosedRange<Int>
  {
    let bounds = words.compactMap { Int($0) }
    guard words.count == 2, bounds.count == 2, bounds[0] <= bounds[1],
      bounds[1].subtractingReportingOverflow(bounds[0]).overflow == false
    else {
      throw LoadFailure(
        "{{random \(words.joined(separator: " ").prefix(40))}} is no range; write two whole numbers, "
          + "the smaller first, such as {{random 1 100}}.")
    }
    return bounds[0]...bounds[1]
  }
}
