import FairleadDescriptors
import SwiftProtobuf
import Synchronization
import Testing

@testable import FairleadCalls

struct MessageReaderTests {
  /// Knows `late.Type` when it is asked for it, and counts the questions.
  private final class Source: DescriptorSource {
    let questions = Mutex<[String]>([])

    func services() async throws -> [String] { [] }

    func pool(for symbol: String) async throws -> DescriptorPool { try DescriptorPool([]) }

    func pool(adding symbol: String) async -> DescriptorPool? {
      self.questions.withLock { $0.append(symbol) }
      guard symbol == "late.Type" else { return nil }
      return try? DescriptorPool([
        .with {
          $0.name = "late.proto"
          $0.package = "late"
          $0.messageType = [
            .with {
              $0.name = "Type"
              $0.field = [
                .with {
                  $0.name = "inner"
                  $0.number = 1
                  $0.type = .message
                  $0.typeName = ".google.protobuf.Any"
                  $0.label = .optional
                }
              ]
            }
          ]
        }
      ])
    }
  }

  private func any(_ type: String, _ bytes: [UInt8]) throws -> [UInt8] {
    try Google_Protobuf_Any.with {
      $0.typeURL = "x/\(type)"
      $0.value = .init(bytes)
    }.serializedBytes()
  }

  private func reader(_ source: Source) throws -> MessageReader {
    let pool = try DescriptorPool([])
    return MessageReader(
      try pool.message(named: "google.protobuf.Any"), codec: MessageCodec(pool), source: source,
      options: JSONOptions())
  }

  @Test("Types are looked up when they come, and types inside of those; each once")
  func lookups() async throws {
    let source = Source()
    var reader = try self.reader(source)
    let wire = try self.any("late.Type", [0x0A] + [8] + self.any("no.T", []))
    for _ in 0..<2 {
      #expect(
        try await reader.json(of: wire).text()
          == #"{"@type":"x/late.Type","inner":{"@type":"x/no.T","@value":""}}"#)
    }
    #expect(source.questions.withLock { $0 } == ["late.Type", "no.T"])
  }

  @Test("A server that names a new type in each message is not followed for ever")
  func bounded() async throws {
    let source = Source()
    var reader = try self.reader(source)
    for number in 0..<100 {
      _ = try await reader.json(of: self.any("no.T\(number)", [1]))
    }
    #expect(source.questions.withLock(\.count) == 32)
  }

  @Test("Bytes that are no such message are a problem")
  func broken() async throws {
    var reader = try self.reader(Source())
    await #expect(throws: CodecProblem.self) { try await reader.json(of: [0xFF]) }
  }
}
