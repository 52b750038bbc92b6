/// Reads a `v1` Pod. Most of a Pod says how it runs and nothing of where calls go, and is not
/// looked at.
enum PodDecoder {
  static func decode(_ object: FieldReader, metadata: ObjectMetadata) -> Kubernetes.Pod {
    var pod = Kubernetes.Pod(metadata: metadata, address: nil)
    pod.weight = weight(object, metadata)
    if let spec = object.object("spec") {
      spec.ignoreTheRest()
      pod.ports = ports(spec)
    }
    if let status = object.object("status") {
      status.ignoreTheRest()
      pod.address = address(status)
      pod.phase = status.string("phase").flatMap(Kubernetes.Pod.Phase.init(rawValue:))
      pod.readyCondition = readyCondition(status)
    }
    return pod
  }

  static let weightName = "fairlead.dev/weight"

  /// A wrong one is a warning and not an error: a pod must not lose its calls, or its labels, by it.
  private static func weight(_ object: FieldReader, _ metadata: ObjectMetadata) -> Int {
    guard let text = metadata.annotations[weightName] else { return 1 }
    guard let weight = Int(text), weight >= 1, weight <= Int(UInt16.max) else {
      object.object("metadata")?.reportAnnotation(
        .warning, .invalidValue,
        "\(quoted(weightName)) is \(quoted(text)); it must be from 1 to \(UInt16.max), and 1 is taken",
        name: weightName)
      return 1
    }
    return weight
  }

  private static func ports(_ spec: FieldReader) -> [Kubernetes.Pod.ContainerPort] {
    var containers = spec.objects("containers")
    for reader in spec.objects("initContainers") {
      reader.ignoreTheRest()
      // A sidecar: it runs as long as the pod, and its ports can be named as well.
      if reader.string("restartPolicy") == "Always" { containers.append(reader) }
    }
    return containers.flatMap { container in
      container.ignoreTheRest()
      return container.objects("ports").compactMap(port)
    }
  }

  private static func port(_ reader: FieldReader) -> Kubernetes.Pod.ContainerPort? {
    reader.ignore("hostPort", "hostIP")
    let name = reader.string("name")
    if let name, !Names.isPortName(name) {
      reader.report(
        .error, .invalidValue,
        "\(quoted(name)) is not a valid name for a container's port: at most 15 lower-case letters, "
          + "digits and `-`", at: "name")
    }
    let number = reader.requiredPort("containerPort")
    guard let number, (reader.string("protocol") ?? "TCP") == "TCP" else { return nil }
    return Kubernetes.Pod.ContainerPort(name: name, port: number)
  }

  private static func address(_ status: FieldReader) -> String? {
    let others = status.objects("podIPs").compactMap { reader -> String? in
      valid(reader.string("ip"), "ip", reader)
    }
    return valid(status.string("podIP"), "podIP", status) ?? others.first
  }

  private static func valid(_ address: String?, _ key: String, _ reader: FieldReader) -> String? {
    guard let address, !address.isEmpty else { return nil }
    guard IPLiteral.family(of: address) != nil else {
      reader.report(.error, .invalidValue, "\(quoted(address)) is not an IP address", at: key)
      return nil
    }
    return address
  }

  private static func readyCondition(_ status: FieldReader) -> Bool? {
    let conditions = status.objects("conditions")
    for condition in conditions {
      condition.ignoreTheRest()
    }
    let ready = conditions.first { $0.string("type") == "Ready" }
    return ready.map { $0.string("status") == "True" }
  }
}
