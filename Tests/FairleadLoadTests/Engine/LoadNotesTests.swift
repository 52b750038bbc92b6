import FairleadBalancing
import Testing

@testable import FairleadGRPC
@testable import FairleadLoad

@Suite("Remarks about endpoints")
struct LoadNotesTests {
  private static let plan = LoadPlan(extent: .calls(1), concurrency: 1)

  private static func status(_ host: String, _ error: String?) -> EndpointStatus {
    EndpointStatus(
      endpoint: Endpoint(address: .ip(host: host, port: 1)), state: .ready, active: 0, total: 0,
      isEjected: false, connections: error == nil ? 1 : 0, lastError: error)
  }

  @Test(
    "are sentences with one full stop, whatever the error is",
    arguments: ["connection refused", "The server wants TLS; leave plaintext out."])
  func unreachable(error: String) {
    var notes = LoadNotes()
    notes.note([Self.status("10.0.0.1", nil), Self.status("10.0.0.2", error)], ConnectionTally())
    let told = error.hasSuffix(".") ? error : error + "."
    #expect(
      notes.sentences(plan: Self.plan, lost: 0)
        == ["1 of 2 endpoints could not be reached in the end: \(told)"])
  }

  @Test("attempts that failed before one went well are told so, too")
  func attempts() {
    var tally = ConnectionTally()
    tally.happened(.connectFailed("10.0.0.1:1", error: "connection refused"))
    var notes = LoadNotes()
    notes.note([Self.status("10.0.0.1", nil)], tally)
    #expect(
      notes.sentences(plan: Self.plan, lost: 0)
        == ["1 attempt to connect failed: 10.0.0.1:1: connection refused."])
  }
}
