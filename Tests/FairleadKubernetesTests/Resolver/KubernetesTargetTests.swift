import FairleadDiscovery
import Testing

@testable import FairleadKubernetes

private func target(_ text: String) throws -> KubernetesTarget {
  try KubernetesTarget(Target(text, knownSchemes: ["kubernetes"]))
}

@Suite("Targets that name a Service")
struct KubernetesTargetTests {
  @Test(
    "A Service, its namespace and its port are read",
    arguments: [
      ("kubernetes:///greeter", "greeter", nil, KubernetesTarget.Port.only),
      ("kubernetes:greeter", "greeter", nil, .only),
      ("kubernetes:///greeter:80", "greeter", nil, .number(80)),
      ("kubernetes:///greeter:grpc", "greeter", nil, .name("grpc")),
      ("kubernetes:///greeter.shop:65535", "greeter", "shop", .number(65535)),
      ("kubernetes:///greeter.shop.svc", "greeter", "shop", .only),
      ("kubernetes:///greeter.shop.svc.cluster.local:1", "greeter", "shop", .number(1)),
      ("kubernetes:///greeter.shop.svc.example.com:grpc-web", "greeter", "shop", .name("grpc-web")),
      ("kubernetes:///1.2", "1", "2", .only),
    ])
  func good(text: String, service: String, namespace: String?, port: KubernetesTarget.Port) throws {
    let target = try target(text)
    #expect(target.service == service)
    #expect(target.namespace == namespace)
    #expect(target.port == port)
  }

  @Test(
    "A target that names no Service says what is wrong with it",
    arguments: [
      ("kubernetes://api.example.com/greeter", "the API server is the one of the credentials"),
      ("kubernetes:///greeter:0", "the port 0 is out of range"),
      ("kubernetes:///greeter:65536", "the port 65536 is out of range"),
      ("kubernetes:///greeter:-1", "the port -1 is out of range"),
      ("kubernetes:///greeter:", "neither a port's number nor its name"),
      ("kubernetes:///greeter:80:81", "neither a port's number nor its name"),
      ("kubernetes:///greeter:GRPC", "neither a port's number nor its name"),
      ("kubernetes:///Greeter", "no name of a Service"),
      ("kubernetes:///-greeter", "no name of a Service"),
      ("kubernetes:///greeter-", "no name of a Service"),
      ("kubernetes:///greeter/shop", "no name of a Service"),
      ("kubernetes:///greeter..svc", "no name of a Service"),
      ("kubernetes:///greeter.", "no name of a Service"),
      ("kubernetes:///:80", "no name of a Service"),
      ("kubernetes:///grüezi", "no name of a Service"),
      ("kubernetes:///greeter.shop.pod.cluster.local", "after the namespace comes svc"),
      ("kubernetes:///\(String(repeating: "a", count: 64))", "no name of a Service"),
    ])
  func malformed(text: String, reason: String) {
    do {
      let target = try target(text)
      Issue.record("\(text) is \(target)")
    } catch {
      let failure = error as? ResolutionFailure
      #expect(failure?.kind == .malformed)
      #expect(failure?.message.contains(reason) == true, "\(error)")
      #expect(failure?.message.contains(text) == true, "the message names the target")
    }
  }

  @Test("A name may have 63 letters")
  func longest() throws {
    let name = String(repeating: "a", count: 63)
    #expect(try target("kubernetes:///\(name)").service == name)
  }
}
