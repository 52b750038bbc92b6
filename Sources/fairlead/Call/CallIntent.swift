import ArgumentParser
import FairleadCalls
import FairleadDescriptors

/// What the words of `fairlead call` ask for, in the order that users of grpcurl know:
/// `[ADDRESS] list [SERVICE]`, `[ADDRESS] describe [SYMBOL]` or `ADDRESS METHOD`.
struct CallIntent: Sendable, Hashable {
  /// What is to be done.
  enum Action: Sendable, Hashable {
    /// The services, or the methods of one.
    case list(service: String?)
    /// A symbol, or all services.
    case describe(symbol: String?)
    case call(method: String)
  }

  /// Nil if files say all that is wanted.
  let address: String?
  let action: Action

  /// - Parameter hasFiles: Whether files say what services there are.
  init(_ words: [String], hasFiles: Bool) throws {
    var words = words[...]
    var address: String?
    if let first = words.first, first != "list", first != "describe" {
      address = first
      words.removeFirst()
    }
    self.address = address
    guard let verb = words.popFirst() else {
      throw ValidationError(
        address.map {
          "What is to be called at '\($0.printable)'? Give a method, list or describe."
        }
          ?? "Give an address, and a method, list or describe.")
    }
    switch verb {
    case "list": self.action = .list(service: words.popFirst())
    case "describe": self.action = .describe(symbol: words.popFirst())
    case _: self.action = .call(method: try Self.method(verb))
    }
    if let extra = words.first {
      throw ValidationError(
        "'\(extra.printable)' is too much; data for a call is given with -d, options begin with --."
      )
    }
    guard address != nil || hasFiles else {
      throw ValidationError("Give an address, or files with --proto or --protoset.")
    }
  }

  /// A method's name is one, or a misspelt verb.
  private static func method(_ word: String) throws -> String {
    do {
      _ = try MethodName(word)
    } catch {
      let hint = Spelling.hint(for: word, among: ["list", "describe"])
      throw ValidationError(
        "'\(word.printable)' is neither list nor describe nor a method\(hint): write a method as "
          + "package.Service/Method.")
    }
    return word
  }
}
