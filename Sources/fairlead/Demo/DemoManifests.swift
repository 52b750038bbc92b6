/// The demo's configuration: the Kubernetes and Istio objects that any user would write.
enum DemoManifests {
  /// The Service that stands for a plain ClusterIP: connections are balanced, as kube-proxy does.
  static let clusterIP = "greeter-clusterip"
  /// The Service whose calls are balanced one by one.
  static let spread = "greeter"
  /// The Service whose calls are split by weight.
  static let split = "greeter-split"
  /// The port of every Service.
  static let port = 8080

  /// The three Services.
  static let services = """
    # kube-proxy in iptables mode: a random pod for each connection.
    apiVersion: v1
    kind: Service
    metadata:
      name: \(clusterIP)
      annotations:
        fairlead.dev/balance: connection
        fairlead.dev/scheduler: random
    spec:
      selector: {app: greeter}
      ports: [{name: grpc-backend, port: \(port), targetPort: grpc-backend}]
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: \(spread)
    spec:
      selector: {app: greeter}
      ports: [{name: grpc-backend, port: \(port), targetPort: grpc-backend}]
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: \(split)
    spec:
      selector: {app: greeter-split}
      ports: [{name: grpc-backend, port: \(port), targetPort: grpc-backend}]

    """

  /// The pods, as the cluster would report them: each on an address and port of its own.
  static func pods(_ pods: [DemoPod]) -> String {
    pods.map { pod in
      let labels = pod.labels.sorted { $0.key < $1.key }.map { "\($0.key): '\($0.value)'" }
      return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(pod.name)
          labels: {\(labels.joined(separator: ", "))}
        spec:
          containers:
          - name: greeter
            ports: [{name: grpc-backend, containerPort: \(pod.port)}]
        status: {phase: Running, podIP: 127.0.0.1}

        """
    }.joined(separator: "---\n")
  }

  /// How calls are balanced, and how many of each hundred go to which version.
  static func routing(v1: Int, v2: Int) -> String {
    """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata:
      name: \(spread)
    spec:
      host: \(spread)
      trafficPolicy:
        loadBalancer: {simple: ROUND_ROBIN}
    ---
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata:
      name: \(split)
    spec:
      host: \(split)
      trafficPolicy:
        loadBalancer: {simple: ROUND_ROBIN}
      subsets:
      - {name: v1, labels: {version: v1}}
      - {name: v2, labels: {version: v2}}
    ---
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata:
      name: \(split)
    spec:
      hosts: [\(split)]
      http:
      - match: [{port: \(port)}]
        route:
        - {destination: {host: \(split), subset: v1}, weight: \(v1)}
        - {destination: {host: \(split), subset: v2}, weight: \(v2)}

    """
  }
}
