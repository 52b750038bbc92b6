/// What a page answers.
package struct PageAnswer: Sendable, Hashable {
  /// The HTTP status.
  package var status: Int
  package var contentType: String
  package var body: String
  /// The methods that the path does take, when the status is 405.
  package var allow: String?
  /// In how many seconds it may be asked again, when the status is 503.
  package var retryAfter: Int?

  /// Plain text, ending with a line feed.
  package static func text(_ body: String, status: Int = 200) -> PageAnswer {
    PageAnswer(
      status: status,
      contentType: "text/plain; charset=utf-8",
      body: body.hasSuffix("\n") ? body : body + "\n")
  }
}
