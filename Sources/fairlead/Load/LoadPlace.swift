import ArgumentParser

/// Something to load, and what the report calls it: `NAME=PLACE`, or the place alone.
struct LoadPlace<Place: LosslessArgument>: Sendable, Hashable {
  /// Nil if the user gave none.
  let name: String?
  let place: Place
}

/// What reads from the command line as it is written there.
protocol LosslessArgument: Sendable, Hashable, CustomStringConvertible {
  init?(argument: String)
  /// As ``SpelledArgument/spelling``.
  static var placeSpelling: String { get }
}

extension HostPort: LosslessArgument {
  static let placeSpelling = "write HOST:PORT or NAME=HOST:PORT, such as greeter:8080."
}

extension String: LosslessArgument {
  static let placeSpelling = "write a target or NAME=TARGET, such as dns:///greeter:8080."
}

extension LoadPlace: SpelledArgument {
  static var spelling: String { Place.placeSpelling }

  init?(argument: String) {
    var rest = argument[...]
    var name: String?
    // A target may have its own, behind a slash or a question mark: `dns:///a?b=c`.
    if let equals = argument.firstIndex(of: "="),
      !argument[..<equals].contains(where: { "/:?".contains($0) })
    {
      name = String(argument[..<equals])
      rest = argument[argument.index(after: equals)...]
    }
    guard name?.isEmpty != true, !rest.isEmpty, let place = Place(argument: String(rest)) else {
      return nil
    }
    self.init(name: name, place: place)
  }
}
