import FairleadTelemetry
import Testing

@Suite("Endpoint metrics")
struct EndpointMetricsTests {
  @Test("count a call as active until it ends, then by how it ended")
  func call() {
    var metrics = EndpointMetrics()
    metrics.callBegan()
    metrics.callBegan()
    #expect(metrics.calls.active == 2)
    #expect(metrics.calls.outcomes.total == 0)
    metrics.callEnded(.served)
    #expect(metrics.calls.active == 1)
    #expect(metrics.calls.outcomes[OutcomeKind(.served)] == 1)
    #expect(metrics.calls.duration.count == 1)
    #expect(metrics.calls.requestBytes.sum == 12)
    #expect(metrics.calls.responseBytes.sum == 20)
  }

  @Test(
    "count a call that moved on as a retry and not as an outcome", arguments: RetryCause.allCases)
  func retry(cause: RetryCause) {
    var metrics = EndpointMetrics()
    metrics.callBegan()
    metrics.callRetried(cause)
    #expect(metrics.calls.active == 0)
    #expect(metrics.calls.outcomes.total == 0)
    for other in RetryCause.allCases {
      #expect(metrics.retries[other] == (other == cause ? 1 : 0))
    }
  }

  @Test("count a call that never began here as a retry, and leave those that run alone")
  func waitingRetry() {
    var metrics = EndpointMetrics()
    metrics.callBegan()
    metrics.waitingCallRetried(.connectFailure)
    #expect(metrics.calls.active == 1)
    #expect(metrics.retries[.connectFailure] == 1)
  }

  @Test("never show fewer than no active calls or connections")
  func neverNegative() {
    var metrics = EndpointMetrics()
    metrics.callEnded(.served)
    metrics.connectionClosed()
    metrics.tcp.connectionClosed()
    #expect(metrics.calls.active == 0)
    #expect(metrics.connectionsActive == 0)
    #expect(metrics.tcp.active == 0)
  }

  @Test("tell connections that opened, closed and failed apart")
  func connections() {
    var metrics = EndpointMetrics()
    metrics.connectionOpened()
    metrics.connectionOpened()
    metrics.connectionClosed()
    metrics.connectFailed()
    #expect(metrics.connectionsOpened == 2)
    #expect(metrics.connectionsActive == 1)
    #expect(metrics.connectFailures == 1)
  }

  @Test("add up field by field")
  func sum() {
    var first = EndpointMetrics()
    first.callBegan()
    var second = EndpointMetrics()
    second.callBegan()
    second.callBegan()
    second.callEnded(.served)
    second.callRetried(.goAway)
    second.connectionOpened()
    second.connectFailed()
    second.tcp.connectionOpened()
    second.tcp.transferred(received: 5, sent: 7)
    first += second
    first += second
    #expect(first.calls.active == 1)
    #expect(first.calls.outcomes.total == 2)
    #expect(first.retries[.goAway] == 2)
    #expect(first.connectionsOpened == 2)
    #expect(first.connectFailures == 2)
    #expect(first.tcp.opened == 2)
    #expect(first.tcp.bytesReceived == 10)
    #expect(first.tcp.bytesSent == 14)
  }

  @Test("copy what is there and leave the original alone")
  func copy() {
    var metrics = EndpointMetrics()
    metrics.callBegan()
    var copy = metrics.copy()
    copy.callEnded(.served)
    #expect(metrics.calls.active == 1)
    #expect(metrics.calls.outcomes.total == 0)
    #expect(copy.calls.outcomes.total == 1)
  }
}
