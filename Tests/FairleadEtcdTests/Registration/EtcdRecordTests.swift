import FairleadBalancing
import FairleadDiscovery
import Foundation
import Testing

@testable import FairleadEtcd

@Suite struct EtcdRecordTests {
  private let plain = Endpoint(address: .ip(host: "10.0.0.1", port: 80))

  @Test("the key ends with the address, the value is what etcd's naming package writes")
  func naming() throws {
    let record = try EtcdRecord(plain, under: "s/", layout: .naming)
    #expect(record.key == "s/10.0.0.1:80")
    #expect(record.value == #"{"Addr":"10.0.0.1:80","Metadata":null,"Op":0}"#)
    #expect(try EtcdRecord(plain, under: "s/", layout: .address).value == "10.0.0.1:80")
  }

  @Test("what is written is read as the same endpoint")
  func roundTrip() throws {
    let rich = Endpoint(
      address: .ip(host: "2001:db8::1", port: 80), name: "pod \"a\"", weight: 4,
      locality: Locality(region: "eu", zone: "eu-1a"), labels: ["version": "v1"])
    for endpoint in [rich, plain] {
      let record = try EtcdRecord(endpoint, under: "s/", layout: .naming)
      let read = try EtcdValue(Data(record.value.utf8))
      #expect(read.endpoint == ResolvedEndpoint(endpoint))
      #expect(read.remark == nil)
    }
  }

  @Test(
    "an address that others cannot use is refused",
    arguments: [
      EndpointAddress.unix(path: "/s"), .ip(host: "0.0.0.0", port: 80), .ip(host: "::", port: 80),
      .ip(host: "pod-a", port: 80), .ip(host: "10.0.0.1", port: 0),
    ])
  func refused(_ address: EndpointAddress) {
    #expect(throws: ResolutionFailure.self) {
      try EtcdRecord(Endpoint(address: address), under: "s/", layout: .naming)
    }
  }
}
