import Foundation

extension PageAnswer {
  /// JSON for people: keys in order, indented.
  package static func json(_ value: some Encodable, status: Int = 200) -> PageAnswer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      let data = try encoder.encode(value)
      return PageAnswer(
        status: status,
        contentType: "application/json",
        body: String(decoding: data, as: UTF8.self) + "\n")
    } catch {
      return .text("This page could not be written as JSON: \(error).", status: 500)
    }
  }
}
