/// The endpoint with the fewest active calls, relative to its weight.
///
/// By default, the better one of two drawn at random (gRFC A48): nearly as good as looking at all,
/// at a cost that does not grow, and many proxies do not rush at the same endpoint. A full scan is
/// exact for one proxy that carries all the calls.
public struct LeastRequestPolicy: Policy {
  /// How the endpoint is found.
  public enum Method: Sendable {
    /// The better one of two drawn at random: `least_request`.
    case twoChoices
    /// The best of so many draws, at least 2: `least_request_experimental`.
    case choices(Int)
    /// The best of all: `least_request_full_scan`.
    case fullScan
  }

  /// How endpoints are looked at.
  public let method: Method
  /// All endpoints are kept connected.
  public let connects = ConnectStrategy.all

  /// The policy with this way of looking at endpoints.
  public init(method: Method = .choices(2)) {
    self.method = method
  }

  /// `least_request_experimental`, or the name that belongs to another method.
  public var name: String {
    switch method {
    case .twoChoices: "least_request"
    case .choices: "least_request_experimental"
    case .fullScan: "least_request_full_scan"
    }
  }

  /// A picker that compares active calls when a call begins.
  public func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    switch method {
    case .twoChoices:
      TwoChoicesPicker(over: candidates, by: .activeCalls, random: random)
    case .choices(let count):
      TwoChoicesPicker(over: candidates, by: .activeCalls, choices: max(2, count), random: random)
    case .fullScan:
      FullScanPicker(over: candidates, replacing: previous, random: random)
    }
  }
}
