import FairleadBalancing
import FairleadHealthProtocol
import GRPCCore

/// The client side of gRPC's health checking as a value (gRFC A17): what the answers of `Watch` say of
/// the server, and when to ask again.
struct HealthMachine: Sendable {
  /// What to do when a stream of answers has ended.
  enum Next: Sendable, Equatable {
    case ask(after: Duration)
    /// The server knows no health service: it counts as serving for as long as it is connected.
    case stop
  }

  private let service: String
  private let backoff: Backoff
  private let random: RandomSource
  private var failures = 0
  private var hasAnswered = false

  init(service: String, backoff: Backoff, random: RandomSource) {
    self.service = service
    self.backoff = backoff
    self.random = random
  }

  private var name: String { service.isEmpty ? "the server" : "the service \(service)" }

  /// A stream of answers is asked for.
  mutating func asked() {
    hasAnswered = false
  }

  /// The server's word.
  mutating func answered(_ status: Grpc_Health_V1_HealthCheckResponse.ServingStatus)
    -> HealthVerdict
  {
    hasAnswered = true
    failures = 0
    switch status {
    case .serving: return .serving
    case .notServing: return .notServing("\(name) is NOT_SERVING")
    case .serviceUnknown: return .notServing("\(name) is not known to the health service")
    case .unknown, .UNRECOGNIZED: return .notServing("\(name) is in an unknown state of health")
    }
  }

  /// The stream of answers has ended; without an error, if the server ended it in good order.
  mutating func ended(_ error: RPCError?) -> (HealthVerdict, Next) {
    if error?.code == .unimplemented { return (.serving, .stop) }
    let reason = error.map { "\($0.code)" } ?? "the stream ended"
    let verdict = HealthVerdict.notServing("the health of \(name) cannot be told: \(reason)")
    if hasAnswered { return (verdict, .ask(after: .zero)) }
    failures += 1
    return (verdict, .ask(after: backoff.delay(attempt: failures, random: random)))
  }
}
