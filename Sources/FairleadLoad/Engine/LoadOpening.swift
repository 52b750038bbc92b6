import NIOCore

/// The first connections of a worker, until each of them is open or has failed.
struct LoadOpening {
  private var pending: Int
  private var opened = 0
  private var reason: String?
  private let promise: EventLoopPromise<Void>

  init(pending: Int, promise: EventLoopPromise<Void>) {
    self.pending = pending
    self.promise = promise
  }

  var isPending: Bool { pending > 0 }

  mutating func didOpen() {
    opened += 1
    settle()
  }

  mutating func didFail(_ reason: String) {
    self.reason = self.reason ?? reason
    settle()
  }

  /// The run is over before they are: nobody is kept waiting for them.
  mutating func stop() {
    guard pending > 0 else { return }
    pending = 0
    promise.succeed()
  }

  private mutating func settle() {
    guard pending > 0 else { return }
    pending -= 1
    guard pending == 0 else { return }
    if opened == 0, let reason {
      promise.fail(LoadFailure(reason))
    } else {
      promise.succeed()
    }
  }
}
