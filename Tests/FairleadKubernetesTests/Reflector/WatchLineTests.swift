import FairleadManifests
import Testing

@testable import FairleadKubernetes

private func line(_ text: String, _ kind: ManifestKind = .service) -> WatchLine? {
  WatchLine([UInt8](text.utf8), scope: ResourceScope(kind))
}

@Suite("Events of a watch")
struct WatchLineTests {
  @Test("The recorded events are read, each as what it is")
  func recorded() throws {
    var words: [String] = []
    for bytes in try Fixture.lines("watch-virtualservices.jsonl") {
      switch WatchLine(bytes, scope: ResourceScope(.virtualService)) {
      case .put(let object, let revision):
        #expect(object.object != nil)
        words.append("put \(object.key.name) \(revision ?? "")")
      case .removed(let key, let revision): words.append("removed \(key.name) \(revision ?? "")")
      case .bookmark(let revision): words.append("bookmark \(revision ?? "")")
      case .error, nil: Issue.record("not an event: \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(
      words == [
        "put vs-istio-grpc-server 517", "put vs-istio-grpc-server 518",
        "removed vs-istio-grpc-server 519", "put vs-istio-grpc-server 527", "bookmark 527",
        "bookmark 527",
      ])
  }

  @Test("A revision that is gone is an event with a Status")
  func expired() throws {
    let bytes = try #require(try Fixture.lines("watch-410-too-old.jsonl").first)
    guard case .error(let status) = WatchLine(bytes, scope: ResourceScope(.endpointSlice)) else {
      Issue.record("not an error")
      return
    }
    #expect(status.isExpired)
    #expect(status.code == 410)
    #expect(status.reason == "Expired")
  }

  @Test("Either form in which a server says that a revision is gone is known")
  func expiredForms() {
    for text in [#"{"code":410}"#, #"{"reason":"Gone"}"#, #"{"reason":"Expired","code":500}"#] {
      guard case .error(let status) = line(#"{"type":"ERROR","object":\#(text)}"#) else {
        Issue.record("not an error")
        return
      }
      #expect(status.isExpired)
    }
    guard case .error(let status) = line(#"{"type":"ERROR","object":{"code":500}}"#) else {
      Issue.record("not an error")
      return
    }
    #expect(!status.isExpired)
  }

  @Test("A pod that was cut down to its metadata has its labels and weight")
  func metadataOnly() throws {
    let pod = try Objects.watched(
      Objects.pod("one", labels: ["version": "v1"], weight: 3), .pod)
    guard case .pod(let pod) = pod.object else {
      Issue.record("no pod")
      return
    }
    #expect(pod.metadata.labels == ["version": "v1"])
    #expect(pod.weight == 3)
  }

  @Test(
    "What is no event is none",
    arguments: [
      "", "x", "[]", "{}", "null", "1", #"{"type":"ADDED"}"#, #"{"type":"ADDED","object":{}}"#,
      #"{"type":"ADDED","object":{"metadata":{"name":""}}}"#,
      #"{"type":"ADDED","object":{"metadata":"x"}}"#, #"{"type":"ADDED","object":null}"#,
      #"{"type":"DELETED","object":{"metadata":{"name":1}}}"#,
      #"{"type":"OTHER","object":{"metadata":{"name":"a"}}}"#,
      #"{"type":1,"object":{"metadata":{"name":"a"}}}"#,
      #"{"object":{"metadata":{"name":"a"}}}"#, #"{"type":"ADDED","object":{"meta"#,
    ])
  func noEvent(text: String) {
    #expect(line(text) == nil)
  }

  @Test("An object is known by its name even when the rest cannot be read")
  func invalid() {
    guard
      case .put(let object, let revision) = line(
        #"{"type":"MODIFIED","object":{"metadata":{"name":"a","resourceVersion":"5"},"spec":1}}"#)
    else {
      Issue.record("no event")
      return
    }
    #expect(object.key == ObjectKey(namespace: "default", name: "a"))
    #expect(object.isInvalid)
    #expect(revision == "5")
  }
}
