import FairleadTelemetry
import Testing

@Suite("Response flags")
struct ResponseFlagTests {
  @Test("have the names that people search for in Envoy's log")
  func names() {
    let names = ResponseFlag.allCases.map(\.rawValue)
    let expected = [
      "NR", "NC", "UH", "UF", "UO", "UC", "UR", "UPE", "UT", "URX", "DC", "DPE", "OM",
    ]
    #expect(names == expected)
    #expect(ResponseFlag.deadlineExceeded.rawValue == "UT")
  }
}
