import FairleadDescriptors
import SwiftProtobuf
import Testing

@testable import FairleadCalls

struct ReflectionInquiryTests {
  private typealias File = ReflectionInquiry.File
  private typealias Answer = ReflectionInquiry.Answer

  private func file(_ name: String, imports: [String] = []) -> File {
    .with {
      $0.name = name
      $0.package = "p"
      $0.dependency = imports
    }
  }

  private func answer(_ files: File...) throws -> Answer {
    let bytes = try files.map { try $0.serializedData() }
    return .with { $0.fileDescriptorResponse = .with { $0.fileDescriptorProto = bytes } }
  }

  private let refusal = Answer.with {
    $0.errorResponse = .with {
      $0.errorCode = 5
      $0.errorMessage = "no"
    }
  }

  @Test("Imports that a server leaves out are asked for by name, each once, until all are there")
  func missingImports() throws {
    var inquiry = ReflectionInquiry(symbol: "p.S")
    #expect(inquiry.start().map(\.fileContainingSymbol) == ["p.S"])
    #expect(!inquiry.isOver)
    // Well-known types are never asked for.
    let first = try inquiry.received(
      self.answer(
        self.file("s.proto", imports: ["a.proto", "b.proto", "google/protobuf/any.proto"])))
    #expect(first.map(\.fileByFilename) == ["a.proto", "b.proto"])
    #expect(!inquiry.isOver)
    let second = try inquiry.received(self.answer(self.file("a.proto", imports: ["b.proto"])))
    #expect(second.isEmpty)
    #expect(try inquiry.received(self.answer(self.file("b.proto"))).isEmpty)
    #expect(inquiry.isOver)
    #expect(inquiry.files.keys.sorted() == ["a.proto", "b.proto", "s.proto"])
    #expect(inquiry.refusal == nil)
  }

  @Test("A file that comes with all of its imports needs no further question")
  func complete() throws {
    var inquiry = ReflectionInquiry(symbol: "p.S")
    _ = inquiry.start()
    let next = try inquiry.received(
      self.answer(self.file("s.proto", imports: ["a.proto"]), self.file("a.proto")))
    #expect(next.isEmpty)
    #expect(inquiry.isOver)
  }

  @Test("An import that the server does not know is left to the pool; a symbol is a refusal")
  func partial() throws {
    var inquiry = ReflectionInquiry(symbol: "p.S")
    _ = inquiry.start()
    _ = try inquiry.received(self.answer(self.file("s.proto", imports: ["a.proto"])))
    _ = try inquiry.received(self.refusal)
    #expect(inquiry.isOver)
    #expect(inquiry.refusal == nil)

    var unknown = ReflectionInquiry(symbol: "p.T")
    _ = unknown.start()
    #expect(try unknown.received(self.refusal).isEmpty)
    #expect(unknown.isOver)
    #expect(unknown.refusal?.words == "NOT_FOUND: no")
  }

  @Test("Extensions of messages that allow them are asked for")
  func extensions() throws {
    var inquiry = ReflectionInquiry(symbol: "p.S")
    _ = inquiry.start()
    let open = File.with {
      $0.name = "s.proto"
      $0.package = "p"
      $0.messageType = [
        .with {
          $0.name = "Outer"
          $0.nestedType = [
            .with {
              $0.name = "Inner"
              $0.extensionRange = [
                .with {
                  $0.start = 100
                  $0.end = 200
                }
              ]
            }
          ]
        }
      ]
    }
    let numbers = try inquiry.received(self.answer(open))
    #expect(numbers.map(\.allExtensionNumbersOfType) == ["p.Outer.Inner"])
    let files = try inquiry.received(
      .with { $0.allExtensionNumbersResponse = .with { $0.extensionNumber = [100, 101] } })
    #expect(
      files.map(\.fileContainingExtension.containingType) == ["p.Outer.Inner", "p.Outer.Inner"])
    #expect(files.map(\.fileContainingExtension.extensionNumber) == [100, 101])
    _ = try inquiry.received(self.answer(self.file("e.proto", imports: ["s.proto"])))
    _ = try inquiry.received(self.refusal)
    #expect(inquiry.isOver)
    #expect(inquiry.refusal == nil)
  }

  @Test("A server that goes on for ever is stopped by the limits")
  func limits() throws {
    var limits = ReflectionLimits()
    limits.files = 10
    var inquiry = ReflectionInquiry(symbol: "p.S", limits: limits)
    _ = inquiry.start()
    var number = 0
    let problem = #expect(throws: DescriptorProblem.self) {
      while number < 1000 {
        let next = self.file("\(number).proto", imports: ["\(number + 1).proto"])
        number += 1
        _ = try inquiry.received(self.answer(next))
      }
    }
    #expect(number == 11)
    #expect(problem?.description.contains("more than 10 files") == true)

    limits.bytes = 100
    var large = ReflectionInquiry(symbol: "p.S", limits: limits)
    _ = large.start()
    let name = String(repeating: "x", count: 200)
    #expect(throws: DescriptorProblem.self) { try large.received(self.answer(self.file(name))) }
  }

  @Test("Answers that nobody asked for, and bytes that are no file, are problems")
  func nonsense() throws {
    var inquiry = ReflectionInquiry(symbol: "p.S")
    _ = inquiry.start()
    #expect(throws: DescriptorProblem.self) { try inquiry.received(Answer()) }
    #expect(throws: DescriptorProblem.self) { try inquiry.received(self.refusal) }
    var broken = ReflectionInquiry(symbol: "p.S")
    _ = broken.start()
    let bytes = Answer.with {
      $0.fileDescriptorResponse = .with { $0.fileDescriptorProto = [.init([0xFF])] }
    }
    #expect(throws: DescriptorProblem.self) { try broken.received(bytes) }
  }

  @Test("That a symbol is not there is told from that the server does not say")
  func refusals() throws {
    for (code, isAbsence, words) in [
      (5, true, "NOT_FOUND: why"), (3, true, "INVALID_ARGUMENT: why"),
      (7, false, "PERMISSION_DENIED: why"), (14, false, "UNAVAILABLE: why"),
      (99, false, "an unknown error: why"),
    ] {
      var inquiry = ReflectionInquiry(symbol: "p.S")
      _ = inquiry.start()
      _ = try inquiry.received(
        .with {
          $0.errorResponse = .with {
            $0.errorCode = Int32(code)
            $0.errorMessage = "why"
          }
        })
      #expect(inquiry.refusal?.isAbsence == isAbsence)
      #expect(inquiry.refusal?.words == words)
    }
  }

  @Test("What was sent for other symbols counts as well")
  func bytesOfBefore() throws {
    var limits = ReflectionLimits()
    limits.bytes = 100
    let answer = try self.answer(self.file("s.proto"))
    var first = ReflectionInquiry(symbol: "p.S", limits: limits)
    _ = first.start()
    _ = try first.received(answer)
    #expect(first.bytes > 0)
    var second = ReflectionInquiry(
      symbol: "p.T", files: first.files, bytes: 101 - first.bytes, limits: limits)
    _ = second.start()
    #expect(throws: DescriptorProblem.self) { try second.received(answer) }
  }
}
