import ArgumentParser
import FairleadBalancing
import FairleadDiscovery
import FairleadEtcd
import Foundation

/// What the command line says of a registration.
struct RegistrationArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Register in etcd while it serves, under this prefix.",
      discussion: """
        Without servers in the target, and for TLS and user, ETCDCTL_ENDPOINTS, ETCDCTL_CACERT, \
        ETCDCTL_CERT, ETCDCTL_KEY, ETCDCTL_USER and ETCDCTL_PASSWORD are read as etcdctl does.
        """, valueName: "etcd://host:port/prefix"))
  var register: String?

  @Option(
    help: ArgumentHelp(
      "The address to register, if clients reach it by another one than --address.",
      valueName: "host:port"))
  var registerAddress: HostPort?

  @Option(
    help: ArgumentHelp(
      "How long the registration outlives a process that is killed.", valueName: "duration"))
  var lease = DurationArgument(.seconds(10))

  func validate() throws {
    guard register != nil || registerAddress == nil else {
      throw ValidationError("--register-address needs --register.")
    }
    guard lease.duration >= .seconds(1) else {
      throw ValidationError(
        "--lease \(lease) is too short; etcd counts in seconds, give 1s or more.")
    }
  }

  /// The registration of a pod that listens on `address`; `nil` if none is wanted.
  ///
  /// - Throws: `ValidationError` if it is not possible.
  func registration(pod: String, listening address: HostPort) throws -> GreeterRegistration? {
    guard let register else { return nil }
    var options = EtcdRegistrationOptions(seed: RandomSource.systemSeed())
    options.lease = lease.duration
    do {
      let target = try Target(register, knownSchemes: ["etcd"])
      guard target.scheme == "etcd" else {
        throw ValidationError(
          "--register \(register) is no etcd target; write etcd://HOST:PORT/PREFIX.")
      }
      return try GreeterRegistration(
        pod: pod, target: target, address: try addressForClients(listening: address),
        etcd: EtcdOptions(environment: ProcessInfo.processInfo.environment), options: options)
    } catch let failure as ResolutionFailure {
      throw ValidationError(failure.message)
    }
  }

  private func addressForClients(listening address: HostPort) throws -> HostPort {
    if let registerAddress { return registerAddress }
    switch address.host {
    case "localhost": return HostPort(host: "127.0.0.1", port: address.port)
    case "0.0.0.0", "::":
      throw ValidationError(
        "--address \(address) stands for every address of this machine; name the one that clients "
          + "reach with --register-address.")
    default: return address
    }
  }
}
