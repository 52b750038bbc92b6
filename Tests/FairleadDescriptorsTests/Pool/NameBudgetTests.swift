import SwiftProtobuf
import Testing

@testable import FairleadDescriptors

@Suite("How much a pool of descriptors may hold")
struct NameBudgetTests {
  private typealias File = Google_Protobuf_FileDescriptorProto

  private func file(package: String, messages: Int = 1, field: String = "f") -> File {
    .with {
      $0.name = "a.proto"
      $0.package = package
      $0.messageType = (0..<messages).map { number in
        .with {
          $0.name = "M\(number)"
          $0.field = [
            .with {
              $0.name = field
              $0.number = 1
              $0.type = .int32
            }
          ]
        }
      }
    }
  }

  @Test("a full name of 1,024 bytes is taken, a longer one is not, be it a message's or a field's")
  func longestName() throws {
    let longest = String(repeating: "p", count: 1024 - ".M0.f".utf8.count)
    #expect(try DescriptorPool([self.file(package: longest)]).allMessages.count > 0)
    for file in [
      self.file(package: longest + "p"), self.file(package: longest, field: "ff"),
      self.file(package: String(repeating: "p", count: 50_000), messages: 20_000),
    ] {
      let problem = #expect(throws: DescriptorProblem.self) { try DescriptorPool([file]) }
      #expect(problem?.description.contains("longer than 1024 bytes") == true)
      #expect((problem?.description.utf8.count ?? 0) < 300)
    }
  }

  @Test("it is the same for services and their methods, be there messages or none")
  func services() throws {
    func file(_ package: String, services: Int = 1, method: String? = nil) -> File {
      .with {
        $0.name = "a.proto"
        $0.package = package
        $0.messageType = [.with { $0.name = "M" }]
        $0.service = (0..<services).map { number in
          .with {
            $0.name = "Service\(number)"
            guard let method else { return }
            $0.method = [
              .with {
                $0.name = method
                $0.inputType = "M"
                $0.outputType = "M"
              }
            ]
          }
        }
      }
    }
    let longest = String(repeating: "p", count: 1024 - ".Service0".utf8.count)
    #expect(try DescriptorPool([file(longest)]).services.count == 1)
    let shorter = String(longest.dropLast(".do".utf8.count))
    #expect(try DescriptorPool([file(shorter, method: "do")]).services.count == 1)
    for file in [
      file(longest + "p"), file(shorter, method: "doo"),
      file(String(repeating: "p", count: 50_000), services: 20_000),
    ] {
      let problem = #expect(throws: DescriptorProblem.self) { try DescriptorPool([file]) }
      #expect(problem?.description.contains("longer than 1024 bytes") == true)
      #expect((problem?.description.utf8.count ?? 0) < 300)
    }
  }

  @Test("all names together are bounded, in number and in bytes")
  func bounds() throws {
    var few = NameBudget()
    few.symbols = 2
    try few.spend(scope: "p", name: "a")
    try few.spend(scope: "p", name: "b")
    #expect(throws: DescriptorProblem.self) { try few.spend(scope: "p", name: "c") }
    var short = NameBudget()
    short.bytes = 6
    try short.spend(scope: "p", name: "a")
    try short.spend(scope: "p", name: "b")
    #expect(throws: DescriptorProblem.self) { try short.spend(scope: "p", name: "c") }
  }
}
