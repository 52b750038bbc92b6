/// A piece of HTML in which every text and every attribute's value is escaped, by the way it is made.
struct Markup: Sendable {
  /// As it stands in the file.
  let source: String

  /// Text, to be read as it is.
  static func text(_ text: String) -> Markup {
    Markup(source: escaped(text))
  }

  /// Source of our own, such as a style sheet: nothing that is put together at run time.
  static func own(_ source: StaticString) -> Markup {
    Markup(source: source.description)
  }

  /// An element with its end tag.
  static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    _ children: [Markup] = []
  ) -> Markup {
    let content = children.map(\.source).joined()
    return Markup(source: "<\(name)\(written(attributes))>\(content)</\(name)>")
  }

  /// An element with one text in it.
  static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], text: String
  ) -> Markup {
    element(name, attributes, [.text(text)])
  }

  /// An element that has no end tag, such as `meta`.
  static func void(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>
  ) -> Markup {
    Markup(source: "<\(name)\(written(attributes))>")
  }

  private static func written(_ attributes: KeyValuePairs<StaticString, String>) -> String {
    attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  /// Also between quotes. Control characters that HTML does not allow are left to ``PeerText``.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
