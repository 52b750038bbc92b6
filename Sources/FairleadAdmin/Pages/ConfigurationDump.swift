import FairleadBalancing
import FairleadRouting

/// `/config_dump`: the snapshot in force, in the words of its own types. It holds no secrets.
struct ConfigurationDump: Encodable {
  let snapshot: Version
  let refused: [String]
  let findings: [String]
  let virtualHosts: [Host]
  let clusters: [Group]

  init(_ status: ConfigurationStatus) {
    snapshot = Version(
      generation: status.snapshot.generation, readAt: status.readAt, appliedAt: status.appliedAt)
    refused = status.refused
    findings = status.findings
    virtualHosts = status.snapshot.virtualHosts.map(Host.init)
    clusters = status.snapshot.clusters.values.sorted { $0.name < $1.name }.map(Group.init)
  }
}

extension ConfigurationDump {
  /// Which snapshot it is.
  struct Version: Encodable {
    let generation: Int
    let readAt: String?
    let appliedAt: String?
  }

  struct Service: Encodable {
    let host: String
    let name: String
    let namespace: String

    init(_ service: ServiceIdentity) {
      host = service.host
      name = service.name
      namespace = service.namespace
    }
  }

  struct Host: Encodable {
    let service: Service
    let port: Int
    let domains: [String]
    let balancing: String
    let routes: [Rule]

    init(_ host: VirtualHost) {
      service = Service(host.service)
      port = host.port
      domains = host.domains
      balancing =
        switch host.balancing {
        case .rpc(let fallback): "rpc, else connection \(fallback.rawValue)"
        case .connection(let scheduler): "connection \(scheduler.rawValue)"
        }
      routes = host.routes.map(Rule.init)
    }
  }

  struct Rule: Encodable {
    let name: String
    let match: String
    let split: [Share]

    init(_ route: Route) {
      name = route.name
      match =
        switch route.match {
        case .any: "any"
        }
      split = route.split.map { Share(cluster: $0.clusterName, weight: $0.weight) }
    }
  }

  struct Share: Encodable {
    let cluster: String
    let weight: Int
  }

  struct Group: Encodable {
    let name: String
    let service: Service
    let port: Int
    let subset: String?
    let policy: String
    /// What its endpoints come from, if not from objects.
    let targets: [String]?
    let endpoints: [Member]

    init(_ cluster: Cluster) {
      name = cluster.name
      service = Service(cluster.service)
      port = cluster.port
      subset = cluster.subset
      policy = cluster.policyName
      targets = cluster.targets.isEmpty ? nil : cluster.targets
      endpoints = cluster.endpoints.endpoints.map(Member.init)
    }
  }

  struct Member: Encodable {
    let name: String
    let address: String
    let weight: Int
    let locality: String?
    let labels: [String: String]

    init(_ endpoint: Endpoint) {
      name = endpoint.name
      address = endpoint.address.description
      weight = endpoint.weight
      locality = endpoint.locality.map { "\($0.region)/\($0.zone)/\($0.subzone)" }
      labels = endpoint.labels
    }
  }
}
