import FairleadBalancing
import FairleadRouting

@testable import FairleadManifests

/// The objects and findings of one file, `test.yaml`.
func decode(_ yaml: String, limits: YAMLLimits = YAMLLimits()) -> DecodedFile {
  DecodedFile(bytes: Array(yaml.utf8), file: "test.yaml", limits: limits)
}

/// `line severity code: message (path)` of every finding of a file and, if it has no errors, of the compiler.
func findings(_ yaml: String, namespace: String = "default") -> [String] {
  let options = CompileOptions(clientNamespace: namespace)
  return ConfigurationBuild([decode(yaml)], options: options).findings.map(short)
}

/// `line severity code` of every finding, for tests in which the words do not matter.
func codes(_ yaml: String, namespace: String = "default") -> [String] {
  let options = CompileOptions(clientNamespace: namespace)
  return ConfigurationBuild([decode(yaml)], options: options).findings.map {
    "\($0.origin.line) \($0.severity.rawValue) \($0.code.rawValue)"
  }
}

func short(_ finding: Finding) -> String {
  let path = finding.origin.path.isEmpty ? "" : " (\(finding.origin.path))"
  return "\(finding.origin.line) \(finding.severity.rawValue) \(finding.code.rawValue): "
    + finding.message + path
}

/// What a file compiles to; nothing at all if it has errors.
func compile(_ yaml: String, namespace: String = "default") -> CompiledConfiguration {
  let options = CompileOptions(clientNamespace: namespace)
  return ConfigurationBuild([decode(yaml)], options: options).configuration
    ?? CompiledConfiguration()
}

extension CompiledConfiguration {
  func cluster(_ name: String) -> Cluster? {
    clusters[name]
  }

  /// The addresses of a cluster in order; `nil` if there is no such cluster.
  func addresses(_ name: String) -> [String]? {
    cluster(name)?.endpoints.endpoints.map(\.address.description)
  }

  func host(_ host: String, port: Int) -> VirtualHost? {
    virtualHosts.first { $0.service.host == host && $0.port == port }
  }

  /// `cluster=weight` of the only route of a port.
  func split(_ host: String, port: Int) -> [String]? {
    self.host(host, port: port)?.routes.first?.split.map { "\($0.clusterName)=\($0.weight)" }
  }
}

// MARK: Pieces of YAML

/// A Service with one port.
func service(
  _ name: String, namespace: String? = nil, port: Int = 8080, target: String = "grpc"
) -> String {
  """
  apiVersion: v1
  kind: Service
  metadata:
    name: \(name)\(namespace.map { "\n  namespace: \($0)" } ?? "")
  spec:
    selector: {app: \(name)}
    ports: [{port: \(port), targetPort: \(target)}]
  """
}

/// A pod with one port, on loopback.
func pod(
  _ name: String, app: String, version: String = "v1", port: Int, namespace: String = "default"
) -> String {
  """
  apiVersion: v1
  kind: Pod
  metadata:
    name: \(name)
    namespace: \(namespace)
    labels: {app: \(app), version: \(version)}
  spec:
    containers: [{name: c, ports: [{name: grpc, containerPort: \(port)}]}]
  status: {podIP: 127.0.0.1}
  """
}

/// The documents of one file, in order.
func documents(_ parts: String...) -> String {
  parts.joined(separator: "\n---\n")
}

/// A Service `greeter` with a pod of each of two versions.
let greeter = documents(
  service("greeter"), pod("greeter-v1", app: "greeter", version: "v1", port: 5001),
  pod("greeter-v2", app: "greeter", version: "v2", port: 5002))

let greeterHost = "greeter.default.svc.cluster.local"

/// A DestinationRule for `greeter` with subsets v1 and v2.
let greeterSubsets = """
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: greeter}
  spec:
    host: greeter
    subsets:
    - {name: v1, labels: {version: v1}}
    - {name: v2, labels: {version: v2}}
  """

/// A VirtualService for `greeter` whose `http` is this, indented by nothing.
func greeterRoutes(_ http: String, name: String = "greeter", hosts: String = "[greeter]") -> String
{
  """
  apiVersion: networking.istio.io/v1
  kind: VirtualService
  metadata: {name: \(name)}
  spec:
    hosts: \(hosts)
    http:
  \(http)
  """
}

extension [String] {
  /// Without the line at the front.
  var withoutLines: [String] {
    map { String($0.drop { $0 != " " }.dropFirst()) }
  }
}
