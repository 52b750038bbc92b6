/// What an admin page answers.
package struct AdminAnswer: Sendable, Hashable {
  /// The HTTP status.
  package var status: Int
  package var contentType: String
  package var body: String
  /// The methods that the path does take, when the status is 405.
  package var allow: String?

  /// Plain text, ending with a line feed.
  package static func text(_ body: String, status: Int = 200) -> AdminAnswer {
    AdminAnswer(
      status: status,
      contentType: "text/plain; charset=utf-8",
      body: body.hasSuffix("\n") ? body : body + "\n")
  }
}
