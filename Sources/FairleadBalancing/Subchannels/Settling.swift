/// Whether the first endpoints have had their chance, so that the first calls are spread over all
/// of them rather than sent to the quickest.
enum Settling: Sendable {
  case notBegun
  /// For the first attempt of each of these, or for the settle time.
  case waiting(Set<SubchannelID>)
  case done
}
