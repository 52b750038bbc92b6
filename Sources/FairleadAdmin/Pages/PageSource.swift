/// What an ``AdminServer`` serves: from a request to its answer. Any thread may ask.
package protocol PageSource: Sendable {
  func answer(_ request: AdminRequest) async -> AdminAnswer
}
