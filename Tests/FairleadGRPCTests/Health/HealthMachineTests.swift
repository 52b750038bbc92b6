import FairleadBalancing
import FairleadHealthProtocol
import GRPCCore
import Testing

@testable import FairleadGRPC

@Suite("What a server's answers say of its health (gRFC A17)")
struct HealthMachineTests {
  private typealias Status = Grpc_Health_V1_HealthCheckResponse.ServingStatus

  private func machine(_ service: String = "shop.Orders") -> HealthMachine {
    HealthMachine(
      service: service,
      backoff: Backoff(initial: .seconds(1), multiplier: 2, jitter: 0, maximum: .seconds(5)),
      random: RandomSource(seed: 1))
  }

  @Test("it serves only if it says so")
  func answers() {
    var machine = machine()
    machine.asked()
    #expect(machine.answered(.serving) == .serving)
    #expect(machine.answered(.notServing) == .notServing("the service shop.Orders is NOT_SERVING"))
    #expect(machine.answered(.serving) == .serving)
    #expect(
      machine.answered(.serviceUnknown)
        == .notServing("the service shop.Orders is not known to the health service"))
    #expect(
      machine.answered(.unknown)
        == .notServing("the service shop.Orders is in an unknown state of health"))
    #expect(
      machine.answered(.UNRECOGNIZED(99))
        == .notServing("the service shop.Orders is in an unknown state of health"))
  }

  @Test("without a service's name it is asked for itself")
  func wholeServer() {
    var machine = machine("")
    machine.asked()
    #expect(machine.answered(.notServing) == .notServing("the server is NOT_SERVING"))
  }

  @Test("a server without the health service serves, for good")
  func unimplemented() {
    var machine = machine()
    machine.asked()
    let (verdict, next) = machine.ended(RPCError(code: .unimplemented, message: ""))
    #expect(verdict == .serving)
    #expect(next == .stop)
  }

  @Test(
    "a stream that ends after an answer is asked for again at once; until then it does not serve")
  func ended() {
    var machine = machine()
    for error in [nil, RPCError(code: .internalError, message: ""), nil] {
      machine.asked()
      #expect(machine.answered(.serving) == .serving)
      let (verdict, next) = machine.ended(error)
      let reason = error == nil ? "the stream ended" : "internalError"
      #expect(
        verdict
          == .notServing("the health of the service shop.Orders cannot be told: \(reason)"))
      #expect(next == .ask(after: .zero))
    }
  }

  @Test("one that ends without an answer is asked for less and less often, until there is one")
  func backsOff() {
    var machine = machine()
    func fail() -> HealthMachine.Next {
      machine.asked()
      return machine.ended(RPCError(code: .unavailable, message: "")).1
    }
    #expect(fail() == .ask(after: .seconds(1)))
    #expect(fail() == .ask(after: .seconds(2)))
    #expect(fail() == .ask(after: .seconds(4)))
    #expect(fail() == .ask(after: .seconds(5)))
    machine.asked()
    _ = machine.answered(.notServing)
    #expect(machine.ended(nil).1 == .ask(after: .zero))
    #expect(fail() == .ask(after: .seconds(1)))
  }
}
