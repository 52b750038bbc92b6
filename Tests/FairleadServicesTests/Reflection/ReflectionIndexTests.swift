import Foundation
import SwiftProtobuf
import Testing

@testable import FairleadServices

@Suite("ReflectionIndex")
struct ReflectionIndexTests {
  /// Two files: `b` imports `a` and extends its message.
  private func index() throws -> ReflectionIndex {
    var set = Google_Protobuf_FileDescriptorSet()
    set.file = [
      .with {
        $0.name = "b.proto"
        $0.package = "b"
        $0.dependency = ["a.proto"]
        $0.extension = [
          .with {
            $0.name = "extra"
            $0.extendee = ".a.Outer"
            $0.number = 100
          }
        ]
      },
      .with {
        $0.name = "a.proto"
        $0.package = "a"
        $0.messageType = [
          .with {
            $0.name = "Outer"
            $0.field = [.with { $0.name = "field" }]
            $0.nestedType = [.with { $0.name = "Inner" }]
            $0.enumType = [
              .with {
                $0.name = "Kind"
                $0.value = [.with { $0.name = "GOOD" }]
              }
            ]
          }
        ]
        $0.service = [
          .with {
            $0.name = "Calls"
            $0.method = [.with { $0.name = "Call" }]
          }
        ]
      },
    ]
    return try ReflectionIndex(set)
  }

  private func names(_ files: [Data]?) throws -> [String]? {
    try files?.map { try Google_Protobuf_FileDescriptorProto(serializedBytes: $0).name }
  }

  @Test("A file comes with all that it imports, itself first")
  func closure() throws {
    let index = try self.index()
    #expect(try self.names(index.files(named: "b.proto")) == ["b.proto", "a.proto"])
    #expect(try self.names(index.files(named: "a.proto")) == ["a.proto"])
    #expect(index.files(named: "c.proto") == nil)
  }

  @Test(
    "Each kind of symbol leads to the file that declares it",
    arguments: [
      "a.Calls", "a.Calls.Call", "a.Outer", "a.Outer.field", "a.Outer.Inner", "a.Outer.Kind",
      "a.Outer.GOOD",
    ]
  )
  func symbols(symbol: String) throws {
    #expect(try self.names(self.index().files(declaring: symbol)) == ["a.proto"])
  }

  @Test("Symbols that are not declared lead nowhere", arguments: ["", "a", "Outer", "a.Nothing"])
  func unknownSymbols(symbol: String) throws {
    #expect(try self.index().files(declaring: symbol) == nil)
  }

  @Test("Extensions are found by the message they extend and by number")
  func extensions() throws {
    let index = try self.index()
    #expect(try self.names(index.files(extending: "a.Outer", at: 100)) == ["b.proto", "a.proto"])
    #expect(index.files(extending: "a.Outer", at: 101) == nil)
    #expect(index.extensionNumbers(of: "a.Outer") == [100])
    #expect(index.extensionNumbers(of: "a.Outer.Inner") == [])
    #expect(index.extensionNumbers(of: "a.Nothing") == nil)
  }

  @Test("Our own services are described")
  func ownServices() throws {
    let index = try ReflectionIndex.ownServices()
    #expect(
      index.services == [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
        "helloworld.Greeter",
      ]
    )
    for service in index.services {
      #expect(index.files(declaring: service)?.isEmpty == false)
    }
  }
}
