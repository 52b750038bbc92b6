import GRPCCore

/// How a probe ended, in the words and with the exit status of `grpc_health_probe`.
enum ProbeOutcome: Sendable, Hashable {
  case serving
  /// The server's answer, such as `NOT_SERVING`.
  case unhealthy(status: String)
  /// In a few words, why the server could not be reached; not for want of time.
  case connectionFailed(reason: String)
  /// Tried until there was no more time.
  case connectionTimedOut(reason: String)
  /// The call ended with a status other than OK.
  case callFailed(RPCError.Code, message: String)
  /// There are certificates that cannot be used.
  case badCredentials(reason: String)
  /// A watch did not come to the status it waited for; where it was then.
  indirect case notReached(ProbeOptions.Goal, last: ProbeOutcome?)

  /// 0 serving, 1 wrong arguments, 2 no connection, 3 the call failed, 4 not serving.
  var exitStatus: Int32 {
    switch self {
    case .serving: 0
    case .badCredentials: 1
    case .connectionFailed, .connectionTimedOut: 2
    case .callFailed: 3
    case .unhealthy: 4
    // What served while not-serving was waited for is no success.
    case .notReached(let goal, let last):
      goal == .notServing && last == .serving ? 4 : last?.exitStatus ?? 2
    }
  }

  /// Of a watch that waited for not serving: that it came is what was hoped for.
  var exitStatusOfGoal: Int32 {
    if case .unhealthy = self { return 0 }
    return self.exitStatus
  }

  /// How a watch shows it.
  var state: String {
    switch self {
    case .serving: "SERVING"
    case .unhealthy(let status): status
    case .connectionFailed(let reason), .connectionTimedOut(let reason),
      .badCredentials(let reason):
      "unreachable: \(reason)"
    case .callFailed(let code, let message): "no answer: \(code.nameInGo): \(message)"
    case .notReached: "not reached"
    }
  }

  /// What is said about it, without a newline.
  func line(_ options: ProbeOptions) -> String {
    let address = "\"\(options.addressText)\""
    switch self {
    case .serving:
      return "status: SERVING"
    case .unhealthy(let status):
      return "service unhealthy (responded with \"\(status)\")"
    case .connectionFailed(let reason):
      return "error: failed to connect service at \(address): \(reason)"
    case .connectionTimedOut(let reason):
      return
        "timeout: failed to connect service \(address) within \(options.connectTimeout): \(reason)"
    case .callFailed(.unimplemented, let message):
      return "error: this server does not implement the grpc health protocol "
        + "(grpc.health.v1.Health): \(message)"
    case .callFailed(.deadlineExceeded, _):
      return "timeout: health rpc did not complete within \(options.rpcTimeout)"
    case .callFailed(let code, let message):
      return "error: health rpc failed: rpc error: code = \(code.nameInGo) desc = \(message)"
    case .badCredentials(let reason):
      return "failed to initialize tls credentials. error=\(reason)"
    case .notReached(let goal, let last):
      let limit = options.watch?.limit.map { " within \($0)" } ?? ""
      let state = last.map { "; the last was: \($0.line(options))" } ?? ""
      return "timeout: the status did not become \(goal.rawValue)\(limit)\(state)"
    }
  }
}

extension RPCError.Code {
  /// As Go's library writes it: `NotFound`.
  fileprivate var nameInGo: String {
    let name = "\(self)"
    // British there, American here.
    return name == "cancelled" ? "Canceled" : name.prefix(1).uppercased() + name.dropFirst()
  }
}
