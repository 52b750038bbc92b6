/// The endpoint with the fewest active calls, relative to its weight.
///
/// By default, the better one of two drawn at random (gRFC A48): nearly as good as looking at all,
/// at a cost that does not grow, and many proxies do not rush at the same endpoint. A full scan is
/// exact for one proxy that carries all the calls.
struct LeastRequestPolicy: Policy {
  enum Method: Sendable {
    case twoChoices
    /// So many draws, under gRPC's name; at least 2.
    case choices(Int)
    case fullScan
  }

  let method: Method
  let connects = ConnectStrategy.all

  var name: String {
    switch method {
    case .twoChoices: "least_request"
    case .choices: "least_request_experimental"
    case .fullScan: "least_request_full_scan"
    }
  }

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    switch method {
    case .twoChoices:
      TwoChoicesPicker(over: candidates, by: .activeCalls, random: random)
    case .choices(let count):
      TwoChoicesPicker(over: candidates, by: .activeCalls, choices: count, random: random)
    case .fullScan:
      FullScanPicker(over: candidates, replacing: previous, random: random)
    }
  }
}
