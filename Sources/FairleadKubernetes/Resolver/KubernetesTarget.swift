import FairleadDiscovery
import FairleadManifests

/// The Service, and the port of it, that a target `kubernetes:///service[.namespace[.svc[.domain]]][:port]`
/// names.
struct KubernetesTarget: Sendable, Hashable {
  var service: String
  /// `nil` for the one that the credentials are for.
  var namespace: String?
  var port: Port

  enum Port: Sendable, Hashable {
    /// There is one only.
    case only
    case name(String)
    /// The Service's own number; where the Service has none such, its pods'.
    case number(Int)
  }

  init(_ target: Target) throws(ResolutionFailure) {
    guard target.authority.isEmpty else {
      throw Self.malformed(
        target,
        "the API server is the one of the credentials; write kubernetes:///SERVICE.NAMESPACE")
    }
    let parts = target.endpoint.split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let labels = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy(Self.isLabel), let name = labels.first else {
      throw Self.malformed(
        target, "its name is no name of a Service; write kubernetes:///SERVICE.NAMESPACE")
    }
    guard labels.count < 3 || labels[2] == "svc" else {
      throw Self.malformed(
        target,
        "after the namespace comes svc, if anything; write kubernetes:///SERVICE.NAMESPACE.svc")
    }
    service = String(name)
    namespace = labels.count > 1 ? String(labels[1]) : nil
    port = try Self.port(parts.count > 1 ? parts[1] : nil, of: target)
  }

  private static func port(
    _ text: Substring?, of target: Target
  ) throws(ResolutionFailure) -> Port {
    guard let text else { return .only }
    if let number = Int(text) {
      guard (1...65535).contains(number) else {
        throw malformed(target, "the port \(number) is out of range; write 1 to 65535")
      }
      return .number(number)
    }
    guard isLabel(text) else {
      throw malformed(target, "what follows the colon is neither a port's number nor its name")
    }
    return .name(String(text))
  }

  /// RFC 1123.
  private static func isLabel(_ text: Substring) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      && isAlphanumeric(first) && isAlphanumeric(last)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func malformed(_ target: Target, _ reason: String) -> ResolutionFailure {
    ResolutionFailure(.malformed, "The target \"\(target)\" is malformed: \(reason).")
  }
}

extension KubernetesTarget.Port: CustomStringConvertible {
  var description: String {
    switch self {
    case .only: "the only port"
    case .name(let name): "port \"\(name)\""
    case .number(let number): "port \(number)"
    }
  }
}
