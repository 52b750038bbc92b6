import FairleadBalancing
import FairleadRouting
import Logging
import NIOPosix
import Testing

@testable import FairleadProxy

@Suite("A route table")
struct RouteTableTests {
  private static let authority = "greeter:80"

  /// Runs a test on an event loop with a worker of its own.
  private func withWorker(_ body: @escaping @Sendable (Worker) throws -> Void) async throws {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    try await eventLoop.submit {
      let worker = Worker(
        index: 0,
        eventLoop: eventLoop, configuration: .test(), listenerNames: [], seed: 1,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      try body(worker)
    }.get()
  }

  private static func snapshot(_ weights: [(String, Int)], missing: String? = nil) -> Snapshot {
    let clusters = weights.map { Setup.cluster(ports: [($0.0, 1)], subset: $0.0) }
    return Snapshot(
      generation: 1,
      virtualHosts: [Setup.host(zip(clusters, weights).map { ($0, $1.1) })],
      clusters: clusters.filter { $0.subset != missing })
  }

  private static func routes(_ worker: Worker) throws -> HostRoutes {
    try #require(worker.routes.routes(authority: authority, worker: worker))
  }

  @Test("makes a host ready when it is first asked for, and then keeps it")
  func lazy() async throws {
    try await withWorker { worker in
      worker.apply(Self.snapshot([("v1", 1)]))
      #expect(worker.metrics().clusters.isEmpty)
      let first = try Self.routes(worker)
      #expect(worker.metrics().clusters.count == 1)
      let second = try Self.routes(worker)
      #expect(second === first)
      #expect(worker.routes.routes(authority: "GREETER:80", worker: worker) === first)
      #expect(worker.routes.routes(authority: "nobody", worker: worker) == nil)
    }
  }

  @Test(
    "goes on with a split that a new Snapshot leaves as it is, also when none was asked for between"
  )
  func continuity() async throws {
    try await withWorker { worker in
      var choices: [Int] = []
      for round in 0..<40 {
        worker.apply(Self.snapshot([("v1", 3), ("v2", 1)]))
        if round % 3 > 0 {
          choices.append(try #require(try Self.routes(worker).match()).split.next())
        }
      }
      let whole = choices.prefix(24)
      #expect(whole.count { $0 == 1 } == 6)
      for start in stride(from: 0, to: 24, by: 4) {
        #expect(whole[start..<start + 4].count { $0 == 1 } == 1)
      }
    }
  }

  @Test("begins a split anew when its weights are others")
  func newWeights() async throws {
    try await withWorker { worker in
      worker.apply(Self.snapshot([("v1", 1), ("v2", 1)]))
      let old = try #require(try Self.routes(worker).match()).split
      worker.apply(Self.snapshot([("v1", 1), ("v2", 2)]))
      let new = try #require(try Self.routes(worker).match()).split
      #expect(old !== new)
      #expect((0..<300).count { _ in new.next() == 1 } == 200)
    }
  }

  @Test("keeps clusters that stay, and has none that the configuration lacks")
  func clusters() async throws {
    try await withWorker { worker in
      worker.apply(Self.snapshot([("v1", 1), ("v2", 1)]))
      let first = try #require(try Self.routes(worker).match()).clusters
      worker.apply(Self.snapshot([("v1", 1), ("v2", 1)], missing: "v2"))
      let second = try #require(try Self.routes(worker).match()).clusters
      #expect(first[0] === second[0])
      #expect(first[1] != nil && second[1] == nil)
      worker.apply(Self.snapshot([("v1", 1), ("v2", 1)]))
      let third = try #require(try Self.routes(worker).match()).clusters
      #expect(third[0] === first[0])
      #expect(third[1] != nil && third[1] !== first[1])
    }
  }

  @Test("matches nothing in a host without routes, or of which all weights are zero")
  func nothing() async throws {
    try await withWorker { worker in
      var host = Setup.host([])
      host.routes = []
      worker.apply(Snapshot(generation: 1, virtualHosts: [host], clusters: []))
      let without = try Self.routes(worker).match()
      worker.apply(Self.snapshot([("v1", 0)]))
      let weightless = try Self.routes(worker).match()
      #expect(without == nil && weightless == nil)
    }
  }
}
