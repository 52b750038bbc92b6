import FairleadManifests
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

@testable import FairleadKubernetes

/// Stands in for an API server: judges what it is asked, keeps objects, and fails as it is told.
final class StandInAPI: Sendable {
  /// What is answered instead of what the objects say.
  enum Answer: Sendable {
    case body(Int, [UInt8], headers: [String: String] = [:])
    /// Chunks of a watch, and then it stays open, ends, or is cut off.
    case stream([[UInt8]], then: Ending = .stay)

    enum Ending: Sendable {
      case stay, end, cut
    }
  }

  struct State {
    var token: String?
    var revision = 100
    var compacted = 0
    var objects: [ManifestKind: [String: StoredObject]] = [:]
    var events: [(kind: ManifestKind, type: String, object: StoredObject)] = []
    var versions: [String: Set<String>] = [:]
    var pagesAlways = false
    var script: [Place: [Answer]] = [:]
    var lasting: [Place: Answer] = [:]
    var revisions: Set<String> = ["0"]
    var faults: [String] = []
    var questions: [APIQuestion] = []
    var watches: [ObjectIdentifier: (channel: any Channel, question: APIQuestion)] = [:]
    var connections: [ObjectIdentifier: any Channel] = [:]
    var listener: (any Channel)?
    var port = 0
  }

  struct Place: Hashable {
    var kind: ManifestKind
    var verb: APIQuestion.Verb
  }

  let state: Mutex<State>
  private let tls: NIOSSLContext?

  /// - Parameter token: that requests must have; `nil` to ask for none.
  init(token: String? = nil, tls: TLSConfiguration? = nil) throws {
    var state = State()
    state.token = token
    self.state = Mutex(state)
    self.tls = try tls.map { try NIOSSLContext(configuration: $0) }
  }

  var port: Int { state.withLock(\.port) }
  var url: String { "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)" }
  /// What was asked and should not have been.
  var faults: [String] { state.withLock(\.faults) }

  func questions(_ kind: ManifestKind, _ verb: APIQuestion.Verb) -> [APIQuestion] {
    state.withLock { $0.questions.filter { $0.kind == kind && $0.verb == verb } }
  }

  func openWatches(_ kind: ManifestKind) -> Int {
    state.withLock { $0.watches.values.filter { $0.question.kind == kind }.count }
  }

  // MARK: Running

  /// Listens, on the port that it had before if it did.
  func start() async throws {
    let tls = tls
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
          }
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(StandInHandler(self))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    state.withLock { state in
      state.listener = listener
      state.port = listener.localAddress?.port ?? 0
    }
  }

  /// Stops to listen, and cuts all connections.
  func stop() async {
    let channels = state.withLock { state in
      defer { state.listener = nil }
      return [state.listener].compactMap(\.self) + Array(state.connections.values)
    }
    for channel in channels { try? await channel.close() }
  }

  // MARK: Faults

  /// Answers the next requests of a kind so, one after the other.
  func answer(_ kind: ManifestKind, _ verb: APIQuestion.Verb, _ answers: Answer...) {
    state.withLock { $0.script[Place(kind: kind, verb: verb), default: []] += answers }
  }

  /// Answers all requests of a kind so, until it is told otherwise.
  func answerAlways(_ kind: ManifestKind, _ verb: APIQuestion.Verb, _ answer: Answer?) {
    state.withLock { $0.lasting[Place(kind: kind, verb: verb)] = answer }
  }

  func require(token: String) {
    state.withLock { $0.token = token }
  }

  /// The server has only these versions of a group.
  func offer(_ group: String, _ versions: Set<String>) {
    state.withLock { $0.versions[group] = versions }
  }

  /// Pages also what comes from a cache, which real servers send whole.
  func pageAlways() {
    state.withLock { $0.pagesAlways = true }
  }

  /// Forgets all revisions before the newest.
  func compact() {
    state.withLock { state in
      state.revision += 1
      state.compacted = state.revision
    }
  }

  /// Sends bytes to all watches of a kind, each element a chunk of its own.
  func send(_ kind: ManifestKind, _ chunks: [UInt8]...) {
    state.withLock { state in
      for watch in state.watches.values where watch.question.kind == kind {
        for chunk in chunks { state.write(chunk, to: watch.channel) }
      }
    }
  }

  /// Ends all watches of a kind: in good order, or by cutting their connections.
  func end(_ kind: ManifestKind, cut: Bool = false) {
    state.withLock { state in
      for (id, watch) in state.watches where watch.question.kind == kind {
        state.watches[id] = nil
        if cut {
          watch.channel.closeLater()
        } else {
          watch.channel.later(.end(nil))
        }
      }
    }
  }
}
