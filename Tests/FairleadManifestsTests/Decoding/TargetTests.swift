import Testing

@testable import FairleadManifests

@Suite("Targets of endpoints are read")
struct TargetTests {
  private func service(target: String, selector: String = "") -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: a, annotations: {fairlead.dev/target: "\(target)"}}
    spec: {\(selector)ports: [{port: 80}]}
    """
  }

  private func target(of text: String) -> String? {
    guard case .service(let service)? = decode(text).objects.first else { return nil }
    return service.target
  }

  @Test(
    "from the annotation, in every form that gRPC has",
    arguments: [
      "dns:///greeter:80", "dns://10.0.0.53/greeter:80", "dns:greeter:80", "greeter:80", "greeter",
      "etcd:///greeter", "etcd://127.0.0.1:2379/a/b", "kubernetes:///greeter.default:grpc",
      "ipv4:10.0.0.1:80,10.0.0.2:80", "ipv6:[::1]:80", "unix:/run/x.sock", "unix:///run/x.sock",
      "passthrough:///x:1",
    ])
  func syntax(text: String) {
    #expect(decode(service(target: text)).findings.isEmpty)
    #expect(target(of: service(target: text)) == text)
  }

  @Test(
    "and are errors if they cannot be parsed",
    arguments: [
      ("", "name a target, for example `dns:///greeter.example.com:80`"),
      ("dns:///a b", "it has a space or control character"),
      ("dns:", "nothing follows the scheme"), ("dns:///", "nothing follows the last slash"),
      ("etcd://", "after the authority there is no slash; write three slashes if a name is meant"),
      (
        "etcd://greeter",
        "after the authority there is no slash; write three slashes if a name is meant"
      ),
      ("1x://a/b", "what stands before `://` is no scheme"),
    ])
  func invalid(text: String, problem: String) {
    #expect(
      decode(service(target: text)).findings.map(short) == [
        "3 error invalid-value: `fairlead.dev/target` is `\(text)`: \(problem) "
          + "(metadata.annotations[\"fairlead.dev/target\"])"
      ])
  }

  @Test("a selector beside one is not used, and said not to be")
  func selector() {
    #expect(
      decode(service(target: "etcd:///a", selector: "selector: {a: b}, ")).findings.map(short) == [
        "4 warning not-honoured: `selector` is not honoured; the annotation `fairlead.dev/target` "
          + "names the endpoints (spec.selector)"
      ])
  }

  private func entry(_ spec: String, annotations: String = "") -> String {
    """
    apiVersion: networking.istio.io/v1
    kind: ServiceEntry
    metadata: {name: e, annotations: {\(annotations)}}
    spec:
      ports: [{name: grpc, number: 9000}]
    \(spec)
    """
  }

  @Test("endpoints of a ServiceEntry beside one are not used, and a resolution is not needed")
  func entryTarget() {
    let annotation = "fairlead.dev/target: \"etcd:///a\""
    let plain = entry("  hosts: [a.example]", annotations: annotation)
    #expect(decode(plain).findings.isEmpty)
    guard case .serviceEntry(let read)? = decode(plain).objects.first else {
      Issue.record("There is no entry.")
      return
    }
    #expect(read.target == "etcd:///a")
    let both = entry(
      "  hosts: [a.example]\n  resolution: STATIC\n  endpoints: [{address: 10.0.0.1}]",
      annotations: annotation)
    #expect(
      decode(both).findings.map(\.message) == [
        "`endpoints` is not honoured; the annotation `fairlead.dev/target` names the endpoints"
      ])
  }

  // MARK: resolution: DNS

  @Test("`resolution: DNS` takes host names and IP addresses, and nothing else")
  func dnsEndpoints() {
    let text = entry(
      """
        hosts: [a.example]
        resolution: DNS
        endpoints: [{address: B.example}, {address: 10.0.0.1}, {address: "::1"}]
      """)
    #expect(decode(text).findings.isEmpty)
    guard case .serviceEntry(let read)? = decode(text).objects.first else {
      Issue.record("There is no entry.")
      return
    }
    #expect(read.resolution == .dns)
    #expect(read.endpoints.map(\.address) == [.name("b.example"), .ip("10.0.0.1"), .ip("::1")])
    for bad in ["unix:///run/x", "a..b", "*.example", "a b"] {
      let text = entry(
        "  hosts: [a.example]\n  resolution: DNS\n  endpoints: [{address: \"\(bad)\"}]")
      #expect(
        decode(text).findings.map(\.message) == [
          "`\(bad)` is neither a host name nor an IP address, as `resolution: DNS` needs"
        ])
    }
  }

  @Test("`resolution: DNS` without endpoints needs hosts that can be resolved")
  func dnsHosts() {
    #expect(decode(entry("  hosts: [a.example]\n  resolution: DNS")).findings.isEmpty)
    #expect(
      decode(entry("  hosts: [\"*.example\"]\n  resolution: DNS")).findings.map(short).first
        == "6 error missing-field: the wildcard host `*.example` cannot be resolved; "
        + "`resolution: DNS` needs `endpoints` for it (spec.hosts[0])")
  }

  @Test("`DNS_ROUND_ROBIN` is taken for `DNS`, and said to be")
  func roundRobin() {
    let text = entry("  hosts: [a.example]\n  resolution: DNS_ROUND_ROBIN")
    #expect(decode(text).objects.count == 1)
    #expect(decode(text).findings.map(\.severity) == [.info])
    #expect(decode(text).findings.map(\.code) == [.notHonoured])
  }

  // MARK: Weights

  @Test("a pod's weight is its annotation; a wrong one is a warning and counts 1")
  func weights() {
    func pod(_ weight: String) -> (weight: Int?, findings: [Finding]) {
      let file = decode(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, annotations: {fairlead.dev/weight: "\(weight)"}}
        """)
      guard case .pod(let pod)? = file.objects.first else { return (nil, file.findings) }
      return (pod.weight, file.findings)
    }
    #expect(pod("7").weight == 7)
    #expect(pod("7").findings.isEmpty)
    for bad in ["0", "-1", "x", "", "1.5", "65536"] {
      #expect(pod(bad).weight == 1)
      #expect(pod(bad).findings.map(\.severity) == [.warning])
      #expect(
        pod(bad).findings.first?.message
          == "`fairlead.dev/weight` is `\(bad)`; it must be from 1 to 65535, and 1 is taken")
    }
  }
}
