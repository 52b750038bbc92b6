/// What a ``PageServer`` serves: from a request to its answer. Any thread may ask.
package protocol PageSource: Sendable {
  func answer(_ request: PageRequest) async -> PageAnswer
}
