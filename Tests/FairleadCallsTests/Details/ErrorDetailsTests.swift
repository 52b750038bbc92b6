import FairleadCalls
import FairleadDescriptors
import GRPCCore
import Testing

struct ErrorDetailsTests {
  /// `google.rpc.Status` with details, each a type's name and bytes.
  private func trailers(_ details: [(type: String, bytes: [UInt8])]) -> Metadata {
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
      var length: [UInt8] = []
      var rest = bytes.count
      while rest > 0x7F {
        length.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
      }
      return [number << 3 | 2] + length + [UInt8(rest)] + bytes
    }
    var status: [UInt8] = [0x08, 3] + field(2, Array("bad".utf8))
    for detail in details {
      let url = field(1, Array("type.googleapis.com/\(detail.type)".utf8))
      status += field(3, url + field(2, detail.bytes))
    }
    var metadata = Metadata()
    metadata.addBinary(status, forKey: "grpc-status-details-bin")
    return metadata
  }

  @Test("The types that servers use by convention are known")
  func known() async throws {
    // RetryInfo with a Duration of 3 s.
    let trailers = self.trailers([("google.rpc.RetryInfo", [0x0A, 0x02, 0x08, 0x03])])
    let details = try #require(try await ErrorDetails.read(trailers: trailers, source: nil))
    #expect(details.code == 3)
    #expect(details.message == "bad")
    #expect(
      details.details.map { $0.text() } == [
        #"{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}"#
      ])
  }

  @Test("A type that nobody knows is shown by its URL and bytes")
  func unknown() async throws {
    let trailers = self.trailers([("no.Such", [1, 2])])
    let details = try #require(try await ErrorDetails.read(trailers: trailers, source: nil))
    #expect(
      details.details.map { $0.text() } == [
        #"{"@type":"type.googleapis.com/no.Such","@value":"AQI="}"#
      ])
  }

  @Test("No trailer means no details; bytes that are no Status are a problem")
  func none() async throws {
    #expect(try await ErrorDetails.read(trailers: [:], source: nil) == nil)
    var metadata = Metadata()
    metadata.addBinary([0xFF], forKey: "grpc-status-details-bin")
    await #expect(throws: CodecProblem.self) {
      try await ErrorDetails.read(trailers: metadata, source: nil)
    }
  }

  @Test("Only so many details are shown")
  func bounded() async throws {
    let trailers = self.trailers((0..<100).map { _ in ("no.Such", []) })
    let details = try #require(try await ErrorDetails.read(trailers: trailers, source: nil))
    #expect(details.details.count == ErrorDetails.maximumCount)
    #expect(details.omitted == 100 - ErrorDetails.maximumCount)
  }
}
