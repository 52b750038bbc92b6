import FairleadAdmin

/// The pages of `fairlead front`: each hit of `/hello/grpc` makes some calls, and answers who took them.
struct FrontPages: PageSource {
  /// How the calls of one hit ended.
  enum Hit: Sendable, Hashable {
    case answered(GreetTally)
    /// The first call that failed, after which no more were made.
    ///
    /// - Parameters:
    ///   - turn: Which one it was, from 1.
    ///   - status: Such as `UNAVAILABLE`.
    ///   - reason: In words for the end of a sentence.
    case failed(turn: Int, status: String, reason: String)
  }

  /// What a hit that came to nothing answers as JSON.
  private struct Failure: Encodable {
    let error: String
    /// gRPC's, if a call failed.
    let status: String?
  }

  /// How many hits are served at once: each opens a connection of its own.
  static let hitLimit = 100

  /// Where the calls go, for messages.
  private let greeter: String
  private let gate: HitGate
  private let note: @Sendable (String) -> Void
  private let hit: @Sendable (_ calls: Int, _ name: String) async -> Hit

  /// - Parameters:
  ///   - greeter: Where the calls go, for messages.
  ///   - hitLimit: How many hits are served at once.
  ///   - note: Told when hits begin to be refused.
  ///   - hit: Makes calls over a channel of their own, and closes it.
  init(
    greeter: String, hitLimit: Int = Self.hitLimit, note: @escaping @Sendable (String) -> Void,
    hit: @escaping @Sendable (_ calls: Int, _ name: String) async -> Hit
  ) {
    self.greeter = greeter
    self.gate = HitGate(limit: hitLimit)
    self.note = note
    self.hit = hit
  }

  func answer(_ request: PageRequest) async -> PageAnswer {
    switch request.path {
    case "/", "/healthz", "/hello/grpc":
      break
    default:
      return .text("There is no such page; / lists those that there are.", status: 404)
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      var answer = PageAnswer.text("This page takes no other method than GET.", status: 405)
      answer.allow = "GET, HEAD"
      return answer
    }
    switch request.path {
    case "/healthz": return .text("ok")
    case "/hello/grpc": return await self.hello(request)
    default: return .text(Self.index)
    }
  }

  private static let index = """
    /hello/grpc  calls the greeter over a fresh channel and counts who answered; \
    ?numrequest=\(FrontQuery.usual) calls, ?name=world, ?format=json
    /healthz     200
    """

  private func hello(_ request: PageRequest) async -> PageAnswer {
    let query: FrontQuery
    do throws(FrontQuery.Problem) {
      query = try FrontQuery(request.query)
    } catch {
      return Self.failure(error.sentence, status: 400, to: request)
    }
    // A HEAD asks for what a GET would say, and not for its calls.
    guard request.method == "GET" else { return .text("") }
    switch self.gate.enter() {
    case .refuse(let isNews): return self.tooMany(isNews: isNews, request)
    case .enter: break
    }
    defer { self.gate.leave() }
    switch await self.hit(query.calls, query.name) {
    case .answered(let tally):
      return request.wantsJSON ? .json(tally) : .text(tally.lines.joined(separator: "\n"))
    case .failed(let turn, let status, let reason):
      return Self.failure(
        "Call \(turn) of \(query.calls) to \(self.greeter) failed: \(status): \(reason)",
        grpcStatus: status, status: 502, to: request)
    }
  }

  private func tooMany(isNews: Bool, _ request: PageRequest) -> PageAnswer {
    if isNews {
      self.note("\(self.gate.limit) hits are being served; more are answered with 503")
    }
    var answer = Self.failure(
      "\(self.gate.limit) hits are being served, and no more at once; try again.", status: 503,
      to: request)
    answer.retryAfter = 1
    return answer
  }

  private static func failure(
    _ sentence: String, grpcStatus: String? = nil, status: Int, to request: PageRequest
  ) -> PageAnswer {
    request.wantsJSON
      ? .json(Failure(error: sentence, status: grpcStatus), status: status)
      : .text(sentence, status: status)
  }
}
