import FairleadGRPC

extension LoadNotes {
  /// What the client library tells of the endpoints of a target.
  mutating func note(_ endpoints: [EndpointStatus], _ tally: ConnectionTally) {
    lossCause = tally.loss
    let unreached = endpoints.filter { $0.connections == 0 && $0.lastError != nil }
    guard let error = unreached.first?.lastError else {
      failedConnections = tally.failed
      connectionFailure = tally.failure
      return
    }
    let which = unreached.count == 1 ? "" : "; the first"
    unreachable = Self.sentence(
      "\(unreached.count) of \(NumberText.count(endpoints.count, "endpoint")) could not be reached in "
        + "the end\(which): \(error)")
  }

  /// With a full stop: some errors are a few words, and some are sentences.
  static func sentence(_ text: String) -> String {
    text.hasSuffix(".") ? text : text + "."
  }
}
