/// A greeter pod of the demo, as its manifest describes it.
struct DemoPod: Sendable, Hashable {
  /// Such as `greeter-1`.
  let name: String
  /// The labels that Services and subsets choose it by.
  let labels: [String: String]
  /// Where it listens, on loopback.
  let port: Int
}
