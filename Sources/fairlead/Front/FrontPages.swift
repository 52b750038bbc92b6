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
    ///   - reason: The server's or the client library's words.
    case failed(turn: Int, status: String, reason: String)
  }

  /// How many calls one hit may ask for.
  static let limits = 1...10_000
  /// How many calls a hit makes that does not say.
  static let usual = 25

  /// Where the calls go, for messages.
  private let greeter: String
  private let hit: @Sendable (_ calls: Int, _ name: String) async -> Hit

  /// - Parameters:
  ///   - greeter: Where the calls go, for messages.
  ///   - hit: Makes calls over a channel of their own, and closes it.
  init(greeter: String, hit: @escaping @Sendable (_ calls: Int, _ name: String) async -> Hit) {
    self.greeter = greeter
    self.hit = hit
  }

  func answer(_ request: AdminRequest) async -> AdminAnswer {
    switch request.path {
    case "/", "/healthz", "/hello/grpc":
      break
    default:
      return .text("There is no such page; / lists those that there are.", status: 404)
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      var answer = AdminAnswer.text("This page takes no other method than GET.", status: 405)
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
    ?numrequest=\(usual) calls, ?name=world, ?format=json
    /healthz     200
    """

  private func hello(_ request: AdminRequest) async -> AdminAnswer {
    let text = request.query["numrequest"] ?? "\(Self.usual)"
    guard let calls = Int(text), Self.limits.contains(calls) else {
      return .text(
        "numrequest is \"\(text.prefix(40))\"; give a number from \(Self.limits.lowerBound) to "
          + "\(Self.limits.upperBound).",
        status: 400)
    }
    // A HEAD asks for what a GET would say, and not for its calls.
    guard request.method == "GET" else { return .text("") }
    switch await self.hit(calls, request.query["name"] ?? "world") {
    case .answered(let tally):
      return request.wantsJSON ? .json(tally) : .text(tally.lines.joined(separator: "\n"))
    case .failed(let turn, let status, let reason):
      return .text(
        "Call \(turn) of \(calls) to \(self.greeter) failed: \(status): \(reason)", status: 502)
    }
  }
}
