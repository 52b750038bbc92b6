import FairleadGRPC
import GRPCCore
import Testing

@testable import fairlead

@Suite("Outcomes of probe")
struct ProbeOutcomeTests {
  private static var options: ProbeOptions {
    var options = ProbeOptions()
    options.addressText = ":8080"
    options.watch = .init(until: .serving, limit: GoDuration(.seconds(30)))
    return options
  }

  @Test(
    "Words and exit status are those of grpc_health_probe",
    arguments: [
      (ProbeOutcome.serving, 0, "status: SERVING"),
      (.badCredentials(reason: "r"), 1, "failed to initialize tls credentials. error=r"),
      (
        .connectionTimedOut(reason: "connection refused"), 2,
        "timeout: failed to connect service \":8080\" within 1s: connection refused"
      ),
      (.connectionFailed(reason: "r"), 2, "error: failed to connect service at \":8080\": r"),
      (
        .callFailed(.unimplemented, message: "unknown service"), 3,
        "error: this server does not implement the grpc health protocol "
          + "(grpc.health.v1.Health): unknown service"
      ),
      (
        .callFailed(.deadlineExceeded, message: "m"), 3,
        "timeout: health rpc did not complete within 1s"
      ),
      (
        .callFailed(.notFound, message: "m"), 3,
        "error: health rpc failed: rpc error: code = NotFound desc = m"
      ),
      (
        .callFailed(.cancelled, message: "m"), 3,
        "error: health rpc failed: rpc error: code = Canceled desc = m"
      ),
      (
        .unhealthy(status: "NOT_SERVING"), 4,
        "service unhealthy (responded with \"NOT_SERVING\")"
      ),
      (
        .notReached(.serving, last: .unhealthy(status: "UNKNOWN")), 4,
        "timeout: the status did not become serving within 30s; "
          + "the last was: service unhealthy (responded with \"UNKNOWN\")"
      ),
      (
        .notReached(.serving, last: nil), 2,
        "timeout: the status did not become serving within 30s"
      ),
      (
        .notReached(.notServing, last: .serving), 4,
        "timeout: the status did not become not-serving within 30s; the last was: status: SERVING"
      ),
    ])
  func outcomes(outcome: ProbeOutcome, status: Int32, line: String) {
    #expect(outcome.exitStatus == status)
    #expect(outcome.line(Self.options) == line)
  }

  @Test("That not serving came, which was waited for, is good; everything else is what it was")
  func goal() {
    #expect(ProbeOutcome.unhealthy(status: "NOT_SERVING").exitStatusOfGoal == 0)
    #expect(ProbeOutcome.serving.exitStatusOfGoal == 0)
    #expect(ProbeOutcome.notReached(.notServing, last: .serving).exitStatusOfGoal == 4)
  }

  @Test("Each answer that a server can give")
  func answers() {
    #expect(ProbeOutcome(.serving) == .serving)
    #expect(ProbeOutcome(.notServing) == .unhealthy(status: "NOT_SERVING"))
    #expect(ProbeOutcome(.unknown) == .unhealthy(status: "UNKNOWN"))
    #expect(ProbeOutcome(.serviceUnknown) == .unhealthy(status: "SERVICE_UNKNOWN"))
    #expect(ProbeOutcome(.UNRECOGNIZED(17)) == .unhealthy(status: "17"))
  }

  @Test(
    "A probe is known by its command and by the other program's name",
    arguments: [
      (["fairlead", "probe", "-v"], ["-v"]),
      (["/bin/grpc_health_probe", "-v"], ["-v"]),
      (["grpc-health-probe"], []),
    ])
  func names(arguments: [String], own: [String]) {
    #expect(ProbeCommand.arguments(in: arguments) == own)
  }

  @Test(
    "Other commands are not probes", arguments: [["fairlead"], ["fairlead", "demo", "probe"], []])
  func others(arguments: [String]) {
    #expect(ProbeCommand.arguments(in: arguments) == nil)
  }
}
