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
}

extension HostPort: LosslessArgument {}
extension String: LosslessArgument {}

extension LoadPlace: ExpressibleByArgument {
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
