import FairleadBalancing
import GRPCCore
import Logging

/// What a user may read of a channel at level debug: why a call waited or failed, and what became of
/// each connection.
struct ChannelLog: Sendable {
  private let logger: Logger?

  /// - Parameter target: as the user wrote it.
  init(_ logger: Logger?, target: String) {
    var logger = logger
    logger?[metadataKey: "target"] = "\(target)"
    self.logger = logger
  }

  func failed(_ error: RPCError) {
    logger?.debug("A call failed before it was sent", metadata: ["error": "\(error.message)"])
  }

  func happened(_ event: ChannelEvent) {
    guard let logger else { return }
    switch event {
    case .resolved(let count, let used):
      logger.debug("Resolved", metadata: ["endpoints": "\(count)", "used": "\(used)"])
    case .resolutionFailed(let error):
      logger.debug("Not resolved", metadata: ["error": "\(error)"])
    case .connecting(let endpoint):
      logger.debug("Connecting", metadata: ["endpoint": "\(endpoint)"])
    case .connected(let endpoint):
      logger.debug("Connected", metadata: ["endpoint": "\(endpoint)"])
    case .connectFailed(let endpoint, let error):
      logger.debug("Not connected", metadata: ["endpoint": "\(endpoint)", "error": "\(error)"])
    case .disconnected(let endpoint, let reason):
      logger.debug("Disconnected", metadata: ["endpoint": "\(endpoint)", "reason": "\(reason)"])
    case .unhealthy(let endpoint, let reason):
      logger.debug("Unhealthy", metadata: ["endpoint": "\(endpoint)", "reason": "\(reason)"])
    case .healthy(let endpoint):
      logger.debug("Healthy again", metadata: ["endpoint": "\(endpoint)"])
    case .drained(let endpoint):
      logger.debug("Left the target", metadata: ["endpoint": "\(endpoint)"])
    case .weighed:
      break
    case .outlier(let endpoint, let verdict):
      log(verdict, on: endpoint, to: logger)
    case .full(let endpoint, let connections):
      logger.debug(
        "All connections are full",
        metadata: ["endpoint": "\(endpoint)", "connections": "\(connections)"])
    case .idle(let endpoint):
      logger.debug("One connection less", metadata: ["endpoint": "\(endpoint)"])
    case .waits(let reason):
      logger.debug("A call waits", metadata: ["reason": "\(reason)"])
    }
  }

  private func log(_ verdict: OutlierVerdict, on endpoint: String, to logger: Logger) {
    switch verdict {
    case .ejected(let method):
      logger.debug("Ejected", metadata: ["endpoint": "\(endpoint)", "for": "\(method.rawValue)"])
    case .spared(let method, let reason):
      logger.debug(
        "Not ejected",
        metadata: [
          "endpoint": "\(endpoint)", "for": "\(method.rawValue)", "reason": "\(reason.rawValue)",
        ])
    case .returned:
      logger.debug("Ejected no more", metadata: ["endpoint": "\(endpoint)"])
    }
  }
}
