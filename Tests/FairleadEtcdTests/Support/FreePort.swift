import Foundation
import Synchronization

/// Ports that nobody listens on. Each is handed out once, and none that the kernel gives to others by
/// itself: a server that was stopped finds its port free when it starts again.
enum FreePort {
  struct NoPort: Error {}

  private static let taken = Mutex<Set<Int>>([])

  static func next() throws -> Int {
    for _ in 0..<1000 {
      let port = Int.random(in: 10_000..<32_000)
      guard taken.withLock({ $0.insert(port).inserted }) else { continue }
      let isFree = LoopbackSocket.withAddress(port) { descriptor, address, length in
        bind(descriptor, address, length) == 0
      }
      if isFree { return port }
    }
    throw NoPort()
  }
}
