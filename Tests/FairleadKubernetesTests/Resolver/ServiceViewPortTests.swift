import FairleadDiscovery
import Testing

@testable import FairleadKubernetes

@Suite("The port of a Service")
struct ServiceViewPortTests {
  private let two = Objects.service(ports: ["grpc": 80, "admin": 81])
  private let slice = Objects.slice(
    "a", [Objects.endpoint("10.0.0.1")], ports: ["grpc": 8080, "admin": 9090])

  private func view(_ target: String) throws -> Viewing {
    var viewing = try Viewing(target)
    try viewing.list(services: [two], slices: [slice])
    return viewing
  }

  @Test("It is found by its name, by the Service's number, and by its pods'")
  func found() throws {
    #expect(try view("kubernetes:///greeter:grpc").answer == ["10.0.0.1:8080"])
    #expect(try view("kubernetes:///greeter:admin").answer == ["10.0.0.1:9090"])
    #expect(try view("kubernetes:///greeter:80").answer == ["10.0.0.1:8080"])
    #expect(try view("kubernetes:///greeter:81").answer == ["10.0.0.1:9090"])
    #expect(try view("kubernetes:///greeter:9090").answer == ["10.0.0.1:9090"])
  }

  @Test("The Service's own number comes before one of its pods")
  func ownNumberFirst() throws {
    var viewing = try Viewing("kubernetes:///greeter:80")
    try viewing.list(
      services: [Objects.service(ports: ["a": 80, "b": 81])],
      slices: [Objects.slice("a", [Objects.endpoint("10.0.0.1")], ports: ["a": 81, "b": 80])])
    #expect(viewing.answer == ["10.0.0.1:81"])
  }

  @Test("A name may mean different numbers in different slices, and a number only its own")
  func mixedNumbers() throws {
    let slices = [
      Objects.slice("a", [Objects.endpoint("10.0.0.1")], ports: ["grpc": 8080]),
      Objects.slice("b", [Objects.endpoint("10.0.0.2")], ports: ["grpc": 9090]),
    ]
    let service = Objects.service(ports: ["grpc": 80])
    for (port, answer) in [
      ("grpc", ["10.0.0.1:8080", "10.0.0.2:9090"]), ("80", ["10.0.0.1:8080", "10.0.0.2:9090"]),
      ("9090", ["10.0.0.2:9090"]),
    ] {
      var viewing = try Viewing("kubernetes:///greeter:\(port)")
      try viewing.list(services: [service], slices: slices)
      #expect(viewing.answer == answer)
    }
  }

  @Test("Without a port a Service must have one only")
  func only() throws {
    let failure = try view("kubernetes:///greeter").failure
    #expect(failure?.kind == .malformed)
    #expect(
      failure?.message.contains("80 (grpc), 81 (admin)") == true, "\(String(describing: failure))")
    var named = try Viewing()
    try named.list(
      services: [Objects.service(ports: ["grpc": 80])],
      slices: [Objects.slice("a", [Objects.endpoint("10.0.0.1")], ports: ["grpc": 8080])])
    #expect(named.answer == ["10.0.0.1:8080"])
  }

  @Test(
    "A port that a Service does not have is told, with those that it has",
    arguments: ["web", "82", "8081"])
  func unknownPort(port: String) throws {
    let failure = try view("kubernetes:///greeter:\(port)").failure
    #expect(failure?.kind == .notFound)
    #expect(failure?.message.contains(port) == true)
    #expect(failure?.message.contains("80 (grpc), 81 (admin)") == true)
  }

  @Test("A port without a number means any, and no endpoint comes of it")
  func noNumber() throws {
    var viewing = try Viewing()
    var slice = Objects.slice("a", [Objects.endpoint("10.0.0.1")])
    slice["ports"] = [["name": "", "protocol": "TCP"]]
    try viewing.list(slices: [slice])
    #expect(viewing.answer == [])
  }

  @Test("A pod with addresses of both families is one endpoint")
  func dualStack() throws {
    var viewing = try Viewing()
    try viewing.list(slices: [
      Objects.slice("a", [Objects.endpoint("10.0.0.1", pod: "one")]),
      Objects.slice(
        "b", [Objects.endpoint("fd00::1", pod: "one"), Objects.endpoint("fd00::2", pod: "two")],
        type: "IPv6"),
      Objects.slice("c", [Objects.endpoint("greeter.example.com")], type: "FQDN"),
    ])
    #expect(viewing.answer == ["10.0.0.1:8080", "[fd00::2]:8080"])
  }

  @Test("The pods' number is enough for a headless Service, also while it has no pods")
  func headless() throws {
    var viewing = try Viewing("kubernetes:///greeter:8080")
    try viewing.list(
      services: [Objects.service(ports: ["": 80], isHeadless: true)],
      slices: [Objects.slice("a", nil, ports: [:])])
    #expect(viewing.answer == [])
    try viewing.put(.endpointSlice, Objects.slice("a", [Objects.endpoint("10.0.0.1")]))
    #expect(viewing.answer == ["10.0.0.1:8080"])
  }
}
