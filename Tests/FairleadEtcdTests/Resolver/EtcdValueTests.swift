import FairleadBalancing
import FairleadDiscovery
import Foundation
import Testing

@testable import FairleadEtcd

@Suite struct EtcdValueTests {
  private func value(_ text: String) throws -> EtcdValue { try EtcdValue(Data(text.utf8)) }
  private let address = EndpointAddress.ip(host: "10.0.0.1", port: 8080)

  @Test(
    "both layouts give the address, whatever their spaces and capitals",
    arguments: [
      "10.0.0.1:8080", " 10.0.0.1:8080\n", #"{"Op":0,"Addr":"10.0.0.1:8080","Metadata":null}"#,
      #"{"addr":"10.0.0.1:8080"}"#, #"{"Addr":"10.0.0.1:8080","Metadata":"a text","More":[1]}"#,
      #"{"Addr":"10.0.0.1:8080","addr":"10.9.9.9:1","Op":null}"#,
    ])
  func layouts(_ text: String) throws {
    #expect(try value(text).endpoint == ResolvedEndpoint(Endpoint(address: address)))
    #expect(try value(text).remark == nil)
  }

  @Test("metadata gives name, weight, place and labels")
  func metadata() throws {
    let found = try value(
      #"""
      {"Op":0,"Addr":"10.0.0.1:8080","Metadata":{"Weight":3,"zone":"eu-1a","region":"eu",
      "version":"v2","canary":true,"port":9.5,"nested":{"a":1},"labels":{"version":"v1","n":7},
      "name":"pod-a"}}
      """#)
    let expected = Endpoint(
      address: address, name: "pod-a", weight: 3,
      locality: Locality(region: "eu", zone: "eu-1a"),
      labels: ["version": "v1", "canary": "true", "port": "9.5", "n": "7"])
    #expect(found.endpoint == ResolvedEndpoint(expected))
    let nested = try value(
      #"{"Addr":"[::1]:1","Metadata":{"locality":{"zone":"z","subzone":"s"}}}"#)
    #expect(nested.endpoint?.endpoint.locality == Locality(zone: "z", subzone: "s"))
    #expect(nested.endpoint?.endpoint.address == .ip(host: "::1", port: 1))
  }

  @Test("a weight of 0 drains, one that is none counts as 1 and is remarked")
  func weights() throws {
    func weighted(_ weight: String) throws -> EtcdValue {
      try value(#"{"Addr":"10.0.0.1:8080","Metadata":{"weight":\#(weight)}}"#)
    }
    #expect(try weighted("0").endpoint?.readiness == .draining)
    #expect(try weighted("\"5\"").endpoint?.endpoint.weight == 5)
    for wrong in ["-1", "1.5", "1000001", "\"heavy\"", "[]"] {
      let found = try weighted(wrong)
      #expect(found.endpoint == ResolvedEndpoint(Endpoint(address: address)))
      #expect(found.remark?.contains("weight") == true)
    }
  }

  @Test("an Op of 1 says that there is none")
  func deleted() throws {
    #expect(try value(#"{"Op":1,"Addr":""}"#).endpoint == nil)
  }

  @Test(
    "everything else is refused with the reason",
    arguments: [
      ("", "no address"), ("10.0.0.1", "no address"), ("10.0.0.1:0", "no address"),
      ("10.0.0.1:65536", "no address"), ("pod-a:80", "host name pod-a"),
      ("10.0.0.1:http", "no address"), ("{", "JSON"), (#"{"Addr":7}"#, "without a text Addr"),
      ("{}", "without a text Addr"), (#"{"Op":2,"Addr":"10.0.0.1:1"}"#, "Op"),
      (#"{"Addr":"pod-a:80"}"#, "host name pod-a"),
      (String(repeating: #"{"a":"#, count: 5000), "JSON"),
      (String(repeating: "1", count: 70_000), "bytes"),
    ])
  func refused(_ text: String, _ reason: String) throws {
    let error = #expect(throws: EtcdValue.Problem.self) { try value(text) }
    #expect(try #require(error).reason.contains(reason))
  }

  @Test("bytes that are no text are refused")
  func binary() {
    #expect(throws: EtcdValue.Problem(reason: "is no text")) { try EtcdValue(Data([0xFF, 0xFE])) }
  }
}
