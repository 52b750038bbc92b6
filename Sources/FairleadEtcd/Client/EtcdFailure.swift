import FairleadDiscovery
import Foundation
import GRPCCore
import NIOCore
import NIOPosix
import NIOSSL

/// Puts what went wrong with a server into one sentence. The same trouble always gives the same
/// sentence, so that it is told once.
struct EtcdFailure: Sendable {
  let server: EtcdServer
  /// What could not be done, after "to": `read the keys under greeter/`.
  let task: String
  let user: EtcdUser?

  func describe(_ error: any Error) -> ResolutionFailure {
    switch error {
    case let problem as EtcdProblem: describe(problem)
    case let error as RPCError: describe(error)
    case let error as RuntimeError: connecting(error)
    default: failure(.unreachable, "cannot be used: \(error)")
    }
  }

  private func describe(_ problem: EtcdProblem) -> ResolutionFailure {
    switch problem {
    case .configuration(let reason):
      ResolutionFailure(.malformed, "No TLS to the etcd server \(server): \(reason).")
    case .watchEnded(let reason) where reason.contains("permission denied"): denied()
    case .watchEnded(let reason): failure(.unreachable, "ended the watch: \(reason)")
    case .leaseLost: failure(.notFound, "does not know our lease any more")
    case .unexpected(let what): failure(.malformed, "answered with \(what); is it etcd v3?")
    }
  }

  private func describe(_ error: RPCError) -> ResolutionFailure {
    let message = error.message
    if message.contains("user name is empty") {
      return failure(
        .denied, "wants to know who we are; give a user, for example with ETCDCTL_USER")
    }
    if message.contains("invalid user ID or password") {
      return failure(.denied, "does not accept \(who): the name or the password is wrong")
    }
    switch error.code {
    case .permissionDenied: return denied()
    case .unauthenticated: return failure(.denied, "does not accept \(who): \(message)")
    case .deadlineExceeded:
      return failure(.unreachable, "did not answer in time; it may be overloaded")
    case .unimplemented:
      return failure(.malformed, "does not speak etcd's v3 API: \(message); check the address")
    case .unavailable, .unknown, .internalError: return connecting(error)
    default: return failure(.unreachable, "did not answer: \(message)")
    }
  }

  private var who: String { user.map { "the user \($0)" } ?? "us without a user" }

  private func denied() -> ResolutionFailure {
    failure(.denied, "does not allow \(who) to \(task); grant a role that may")
  }

  /// Looks for the reason at the bottom of what the transport wraps.
  private func connecting(_ error: any Error) -> ResolutionFailure {
    let causes = Self.causes(of: error)
    for case let error as IOError in causes {
      return failure(
        .unreachable,
        "cannot be reached: \(String(cString: strerror(error.errnoCode))); check that it runs and the "
          + "address")
    }
    for cause in causes {
      if let reason = Self.tlsReason(cause) {
        return failure(.denied, "cannot be spoken to in TLS: \(reason)")
      }
      // The transport's own error type for this is not public.
      if (cause as? RPCError)?.message == "Failed to resolve server name" {
        return failure(.unreachable, "cannot be found: its host name has no address; check it")
      }
    }
    let message = (causes.compactMap { ($0 as? RPCError)?.message }.last) ?? "\(error)"
    if message.contains("etcdserver") { return failure(.unreachable, "did not answer: \(message)") }
    let hint = server.isSecure ? "" : "; if it wants TLS, write https:// or give the CA certificate"
    return failure(.unreachable, "closed the connection\(hint)")
  }

  /// A write that goes with a lease which is not there any more.
  static func isLeaseNotFound(_ error: any Error) -> Bool {
    (error as? RPCError)?.message.contains("requested lease not found") ?? false
  }

  private static func causes(of error: any Error) -> [any Error] {
    var causes: [any Error] = [error]
    while causes.count < 16 {
      let cause: (any Error)? =
        switch causes[causes.count - 1] {
        case let error as RPCError: error.cause
        case let error as RuntimeError: error.cause
        case let error as NIOConnectionError: error.connectionErrors.first?.error
        default: nil
        }
      guard let cause else { break }
      causes.append(cause)
    }
    return causes
  }

  private static func tlsReason(_ error: any Error) -> String? {
    switch error {
    case is NIOSSLExtraError: return "its certificate is for another name; check the address"
    case NIOSSLError.failedToLoadCertificate:
      return "a file of certificates that we are given holds none in PEM; check the CA certificate "
        + "and the client certificate"
    case NIOSSLError.failedToLoadPrivateKey:
      return "the file of the client certificate's key holds none in PEM; check it"
    case is NIOSSLError, is BoringSSLError: return handshakeReason("\(error)")
    default: return nil
    }
  }

  private static func handshakeReason(_ text: String) -> String {
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      return "its certificate is not signed by the CA that we trust; check the CA certificate"
    }
    if text.contains("EOF during handshake") || text.contains("WRONG_VERSION_NUMBER") {
      return "it ends the handshake; if it speaks plain text, write http:// before its address"
    }
    if text.contains("CERTIFICATE_REQUIRED") || text.contains("BAD_CERTIFICATE")
      || text.contains("UNKNOWN_CA")
    {
      return "it does not accept our client certificate; check the certificate and its key"
    }
    // What else stands there is of use to those who read the library's code only.
    let name = text.split(separator: "OPENSSL_internal:").dropFirst().first?
      .prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
    return "the handshake failed\(name.map { " (\($0))" } ?? ""); check the certificates"
  }

  private func failure(_ kind: ResolutionFailure.Kind, _ what: String) -> ResolutionFailure {
    ResolutionFailure(kind, "The etcd server \(server) \(what).")
  }
}
