import ArgumentParser

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
    case _: self.action = .call(method: verb)
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
}
