import FairleadManifests
import Foundation
import NIOCore
import NIOHTTP1

@testable import FairleadKubernetes

extension StandInAPI {
  /// Adds an object, or changes it; watches are told unless `quietly`, as when nobody is connected.
  func put(_ kind: ManifestKind, _ json: [String: Any]) throws {
    try state.withLock { state in
      state.revision += 1
      let object = try StoredObject(json, kind, revision: state.revision)
      let key = "\(object.namespace)/\(object.name)"
      let isNew = state.objects[kind, default: [:]].updateValue(object, forKey: key) == nil
      state.tell(isNew ? "ADDED" : "MODIFIED", kind, object)
    }
  }

  func delete(_ kind: ManifestKind, _ name: String, namespace: String = "default") {
    state.withLock { state in
      guard let object = state.objects[kind]?.removeValue(forKey: "\(namespace)/\(name)") else {
        return
      }
      state.revision += 1
      var last = object
      last.revision = state.revision
      last.whole = [UInt8](
        String(decoding: object.whole, as: UTF8.self)
          .replacing(
            "\"resourceVersion\":\"\(object.revision)\"",
            with: "\"resourceVersion\":\"\(state.revision)\""
          ).utf8)
      state.tell("DELETED", kind, last)
    }
  }

  /// Tells all watches of a kind how far the server has come.
  func bookmark(_ kind: ManifestKind) {
    let revision = state.withLock { state in
      state.revision += 1
      return state.revision
    }
    send(
      kind,
      [UInt8](
        #"{"type":"BOOKMARK","object":{"kind":"\#(kind.rawValue)","metadata":{"resourceVersion":"\#(revision)"}}}"#
          .utf8) + [0x0A])
  }

  /// The next event of a kind, which no watch is told: the caller sends it.
  func heldEvent(_ kind: ManifestKind, _ json: [String: Any]) throws -> [UInt8] {
    try state.withLock { state in
      state.revision += 1
      let object = try StoredObject(json, kind, revision: state.revision)
      state.objects[kind, default: [:]]["\(object.namespace)/\(object.name)"] = object
      state.events.append((kind, "ADDED", object))
      return object.event("ADDED")
    }
  }
}

extension StandInAPI.State {
  mutating func tell(_ type: String, _ kind: ManifestKind, _ object: StoredObject) {
    events.append((kind, type, object))
    for watch in watches.values
    where watch.question.kind == kind && watch.question.selects(object) {
      write(object.event(type), to: watch.channel)
    }
  }

  /// Remembers what revisions a client may know from now on.
  mutating func write(_ bytes: [UInt8], to channel: any Channel) {
    note(bytes)
    channel.later(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
  }

  private mutating func note(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    for match in text.matches(of: /"resourceVersion":\s*"([^"]+)"/) {
      revisions.insert(String(match.1))
    }
  }

  // MARK: Answers

  /// Judges a request and answers it.
  mutating func take(_ head: HTTPRequestHead, on channel: any Channel) {
    guard let question = APIQuestion(head), head.method == .GET else {
      faults.append("\(head.method) \(head.uri)")
      return refuse(404, "NotFound", on: channel)
    }
    questions.append(question)
    faults += question.faults(revisions: revisions)
    if let token, question.authorization != "Bearer \(token)" {
      return refuse(401, "Unauthorized", on: channel)
    }
    if let versions = versions[question.kind.group], !versions.contains(question.version) {
      return answer(.body(404, [UInt8]("404 page not found\n".utf8)), question, on: channel)
    }
    let place = StandInAPI.Place(kind: question.kind, verb: question.verb)
    if let scripted = lasting[place] ?? next(place) {
      return answer(scripted, question, on: channel)
    }
    switch question.verb {
    case .list: list(question, on: channel)
    case .watch: watch(question, on: channel)
    }
  }

  private mutating func next(_ place: StandInAPI.Place) -> StandInAPI.Answer? {
    guard let first = script[place]?.first else { return nil }
    script[place]?.removeFirst()
    return first
  }

  private mutating func answer(
    _ answer: StandInAPI.Answer, _ question: APIQuestion, on channel: any Channel
  ) {
    switch answer {
    case .body(let status, let bytes, let headers):
      begin(status, headers, on: channel)
      write(bytes, to: channel)
      channel.later(.end(nil))
    case .stream(let chunks, let ending):
      begin(200, [:], on: channel)
      for chunk in chunks { write(chunk, to: channel) }
      switch ending {
      case .stay: watches[ObjectIdentifier(channel)] = (channel, question)
      case .end: channel.later(.end(nil))
      case .cut: channel.closeLater()
      }
    }
  }

  private func begin(_ status: Int, _ headers: [String: String], on channel: any Channel) {
    var fields = HTTPHeaders([("content-type", "application/json")])
    for (name, value) in headers { fields.replaceOrAdd(name: name, value: value) }
    channel.later(
      .head(
        HTTPResponseHead(
          version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)))
  }

  private mutating func refuse(_ code: Int, _ reason: String, on channel: any Channel) {
    begin(code, [:], on: channel)
    let status = #"{"kind":"Status","status":"Failure","reason":"\#(reason)","code":\#(code)}"#
    write([UInt8](status.utf8), to: channel)
    channel.later(.end(nil))
  }

  private mutating func list(_ question: APIQuestion, on channel: any Channel) {
    let all = (objects[question.kind] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
      .filter(question.selects)
    let isWhole = question.query["resourceVersion"] == "0" && !pagesAlways
    let limit = isWhole ? Int.max : question.query["limit"].flatMap { Int($0) } ?? Int.max
    let token = question.query["continue"]?.split(separator: "-").compactMap { Int($0) }
    let at = token?.first ?? revision
    guard at >= compacted else { return refuse(410, "Expired", on: channel) }
    let rest = all.dropFirst(token?.last ?? 0)
    let page = rest.prefix(limit)
    var metadata = #""resourceVersion":"\#(at)""#
    if page.count < rest.count {
      metadata += #","continue":"\#(at)-\#((token?.last ?? 0) + page.count)""#
    }
    let items = page.map { String(decoding: $0.item, as: UTF8.self) }.joined(separator: ",")
    let body = #"{"kind":"List","metadata":{\#(metadata)},"items":[\#(items)]}"#
    answer(.body(200, [UInt8](body.utf8)), question, on: channel)
  }

  private mutating func watch(_ question: APIQuestion, on channel: any Channel) {
    let from = question.query["resourceVersion"].flatMap { Int($0) } ?? 0
    guard from >= compacted else {
      let gone = #"{"type":"ERROR","object":{"kind":"Status","reason":"Expired","code":410}}"#
      return answer(.stream([[UInt8](gone.utf8) + [0x0A]], then: .end), question, on: channel)
    }
    let missed = events.filter {
      $0.kind == question.kind && $0.object.revision > from && question.selects($0.object)
    }
    answer(.stream(missed.map { $0.object.event($0.type) }), question, on: channel)
  }
}

extension Channel {
  /// Writes in order, and never while the caller holds its lock: a channel that closes tells its
  /// handler at once.
  func later(_ part: HTTPServerResponsePart) {
    eventLoop.execute { self.writeAndFlush(part, promise: nil) }
  }

  func closeLater() {
    eventLoop.execute { self.close(promise: nil) }
  }
}
