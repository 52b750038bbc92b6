import FairleadManifests
import Foundation
import Testing

@testable import FairleadKubernetes

private let access = ClusterAccess(
  server: ServerAddress(host: "api.test", port: 6443), source: "the test")

private func describe(
  _ code: Int, _ json: [UInt8]? = nil, retryAfter: Duration? = nil
) throws -> KubernetesFailure {
  let status = try json.map { APIStatus(try ManifestNode(json: $0)) } ?? APIStatus()
  let request = APIRequest(
    verb: .list, scope: ResourceScope(.endpointSlice, namespace: "shop"), version: "v1", query: [])
  return APIFailure.describe(
    code: code, status: status, retryAfter: retryAfter, request: request, access: access)
}

@Suite("Answers that are no success")
struct APIFailureTests {
  @Test(
    "Each status has a kind, and a sentence with the server in it",
    arguments: [
      (401, KubernetesFailure.Kind.unauthorized, "does not accept the credentials of the test"),
      (403, .forbidden, "forbids us to list endpointslices.discovery.k8s.io in namespace \"shop\""),
      (404, .notFound, "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"),
      (410, .expired, "from there any more"), (429, .overloaded, "too busy"),
      (503, .overloaded, "too busy"), (500, .refused, "answered 500"),
      (504, .refused, "answered 504"), (302, .refused, "answered 302"),
    ])
  func kinds(code: Int, kind: KubernetesFailure.Kind, words: String) throws {
    let failure = try describe(code)
    #expect(failure.kind == kind)
    #expect(failure.message.contains(words), "\(failure)")
    #expect(failure.message.contains("https://api.test:6443"))
    #expect(failure.message.hasSuffix("."))
  }

  @Test("What the server says of itself is kept: who we are, and its reason")
  func recorded() throws {
    let forbidden = try describe(403, try Fixture.body("error-403.json"))
    #expect(
      forbidden.message.contains(
        "forbids User \"system:serviceaccount:default:nobody\" to list"))
    #expect(try describe(401, try Fixture.body("error-401.json")).kind == .unauthorized)
    let reason = try describe(500, [UInt8](#"{"message":"etcd is away."}"#.utf8))
    #expect(reason.message.hasSuffix("answered 500: etcd is away."))
  }

  @Test("A server that is behind the revision is asked for its newest list")
  func behind() throws {
    let status = [UInt8](
      #"{"code":504,"details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}"#.utf8)
    #expect(try describe(504, status).kind == .expired)
    #expect(try describe(500, status).kind == .expired)
  }

  @Test("A message of many lines and control characters is one line, and no longer than allowed")
  func hostileMessage() throws {
    let text = "a\\nb\\u0007\\tc" + String(repeating: "x", count: 5000)
    let failure = try describe(500, [UInt8](#"{"message":"\#(text)"}"#.utf8))
    #expect(failure.message.contains("a b c"), "\(failure)")
    #expect(!failure.message.contains { $0.isNewline || $0 == "\u{7}" })
    #expect(failure.message.count < 500)
  }

  @Test("Retry-After goes along")
  func retryAfter() throws {
    #expect(try describe(429, retryAfter: .seconds(7)).retryAfter == .seconds(7))
    #expect(try describe(503).retryAfter == nil)
  }

  @Test("An answer's Retry-After is waited for, whatever its body is", .timeLimit(.minutes(1)))
  func retryAfterHeader() async throws {
    let api = try StandInAPI()
    let folder = try TemporaryFolder()
    for wish in ["30", "soon", "-5"] {
      api.answer(.service, .list, .body(429, [0xFF], headers: ["retry-after": wish]))
    }
    try await withAPI(api) {
      let client = try client(of: api, in: folder)
      let query = ReflectorMachine.ListQuery(version: "v1", revision: "0")
      for expected in [Duration.seconds(30), nil, .zero] {
        let result = await client.withSession { session in
          await ListPage.read(
            query, scope: ResourceScope(.service), session: session, budget: 1000)
        }
        guard case .failure(let failure) = result else {
          Issue.record("no failure")
          return
        }
        #expect(failure.kind == .overloaded)
        #expect(failure.retryAfter == expected)
      }
    }
  }

  @Test(
    "A list that is none is malformed, whatever it is", .timeLimit(.minutes(1)),
    arguments: [
      "", "{}", "[]", "<html>", #"{"items":[]}"#, #"{"metadata":{"resourceVersion":"1"},"items":["#,
      #"{"metadata":{"resourceVersion":"1"},"items":["a"]}"#,
      #"{"metadata":{"resourceVersion":"1"},"items":[{}]}"#,
      #"{"metadata":{"resourceVersion":1},"items":[]}"#,
      #"{"metadata":{"resourceVersion":"1"},"items":[]}}"#,
    ])
  func malformedList(body: String) async throws {
    let api = try StandInAPI()
    let folder = try TemporaryFolder()
    api.answer(.service, .list, .body(200, [UInt8](body.utf8)))
    try await withAPI(api) {
      let client = try client(of: api, in: folder)
      let query = ReflectorMachine.ListQuery(version: "v1", revision: "0")
      let result = await client.withSession { session in
        await ListPage.read(query, scope: ResourceScope(.service), session: session, budget: 1000)
      }
      guard case .failure(let failure) = result else {
        Issue.record("no failure")
        return
      }
      #expect(failure.kind == .malformed)
      #expect(failure.message.contains("services in all namespaces"))
    }
  }

  @Test("A list above the budget is given up", .timeLimit(.minutes(1)))
  func tooLarge() async throws {
    let api = try StandInAPI()
    let folder = try TemporaryFolder()
    try api.put(.service, Objects.service())
    try await withAPI(api) {
      let client = try client(of: api, in: folder)
      let query = ReflectorMachine.ListQuery(version: "v1", revision: "0")
      let result = await client.withSession { session in
        await ListPage.read(query, scope: ResourceScope(.service), session: session, budget: 10)
      }
      guard case .failure(let failure) = result else {
        Issue.record("no failure")
        return
      }
      #expect(failure.kind == .tooLarge)
    }
  }
}
