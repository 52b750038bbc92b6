/// How a call ended.
struct CallEnding {
  var status: StatusCode
  /// What was said about it; empty if nothing was.
  var message = ""
  /// No server has looked at it: it can be begun anew (gRFC A6).
  var isUnprocessed = false
  /// A server said so, or our deadline: its latency counts.
  var isAnswer = true
}
