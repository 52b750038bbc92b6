/// How a call of a balanced run ended.
struct BalancedEnding: Sendable {
  var status = StatusCode.unknown
  var message = ""
  /// A server said so, or our deadline: its latency counts.
  var isAnswer = false
  /// Who answered, if it is known.
  var backend: String?
  var bytesSent = 0
  var bytesReceived = 0
}
