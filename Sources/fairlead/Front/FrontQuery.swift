import FairleadAdmin
import FairleadDescriptors

/// What a hit of `/hello/grpc` asks for.
struct FrontQuery: Sendable, Hashable {
  /// Why it cannot be done: a sentence.
  struct Problem: Error, Hashable {
    let sentence: String
  }

  /// How many calls one hit may ask for.
  static let limits = 1...10_000
  /// How many calls a hit makes that does not say.
  static let usual = 25

  /// How many calls.
  var calls = Self.usual
  /// Whom they greet.
  var name = "world"

  /// - Throws: ``Problem`` for the first that is wrong: what is not known is not passed over in silence.
  init(_ query: PageQuery) throws(Problem) {
    if let part = query.malformed.first {
      throw Self.problem(
        "\(Self.quoted(part)) in the query is not percent-encoded as it should be.")
    }
    var seen: Set<String> = []
    for parameter in query.parameters {
      guard seen.insert(parameter.name).inserted else {
        throw Self.problem("\(Self.quoted(parameter.name)) is given twice; give it once.")
      }
      try self.take(parameter)
    }
  }

  private mutating func take(_ parameter: PageQuery.Parameter) throws(Problem) {
    let value = Self.quoted(parameter.value)
    switch parameter.name {
    case "numrequest":
      guard let calls = Int(parameter.value), Self.limits.contains(calls) else {
        throw Self.problem(
          "numrequest is \(value); give a number from \(Self.limits.lowerBound) to "
            + "\(Self.limits.upperBound).")
      }
      self.calls = calls
    case "name":
      self.name = parameter.value
    case "format":
      guard ["json", "text"].contains(parameter.value) else {
        throw Self.problem("format is \(value); give json or text.")
      }
    case _:
      throw Self.problem(
        "\(Self.quoted(parameter.name)) is no parameter of this page; there are numrequest, name and "
          + "format.")
    }
  }

  private static func problem(_ sentence: String) -> Problem {
    Problem(sentence: sentence)
  }

  /// What somebody else wrote, for a sentence.
  private static func quoted(_ text: String) -> String {
    "\"\(String(text.prefix(40)).printable)\""
  }
}
