import FairleadDescriptors
import SwiftProtobuf
import Testing

struct DescriptorPoolTests {
  @Test("Everything is found by its full name, with and without a leading dot")
  func lookup() throws {
    let pool = try Fixtures.pool()
    for name in ["fixtures.three.Tree.Leaf", ".fixtures.three.Tree.Leaf"] {
      #expect(try pool.message(named: name).fullName == "fixtures.three.Tree.Leaf")
    }
    #expect(try pool.enumeration(named: ".fixtures.two.Size").isClosed)
    #expect(try !pool.enumeration(named: "fixtures.three.Color").isClosed)
    #expect(try pool.service(named: "fixtures.three.Orchard").methods.count == 4)
    #expect(pool.extension(named: "fixtures.two.Note.note")?.number == 101)
    #expect(pool.extension(named: "fixtures.two.nothing") == nil)
    let order = try pool.message(named: "fixtures.two.Order")
    #expect(pool.extensions(of: order).map(\.number) == [100, 101, 102, 103, 104, 105, 1000])
  }

  @Test(
    "A method is found by each of the spellings of its name",
    arguments: [
      "fixtures.three.Orchard/Watch", "/fixtures.three.Orchard/Watch",
      "fixtures.three.Orchard.Watch", ".fixtures.three.Orchard.Watch",
    ])
  func method(_ name: String) throws {
    let method = try Fixtures.pool().method(named: name)
    #expect(method.path == "/fixtures.three.Orchard/Watch")
    #expect(method.fullName == "fixtures.three.Orchard.Watch")
    #expect(method.request.fullName == "fixtures.three.Choice")
    #expect(method.response.fullName == "fixtures.three.Tree")
    #expect(!method.isClientStreaming && method.isServerStreaming)
  }

  @Test("Lists name what the files declare, and nothing that is built in")
  func lists() throws {
    let pool = try Fixtures.pool()
    #expect(pool.services.map(\.fullName) == ["fixtures.three.Orchard"])
    #expect(pool.files == ["rich3.proto", "rich2.proto", "edition.proto"])
    #expect(
      pool.enums.map(\.fullName) == [
        "fixtures.edition.Closed", "fixtures.edition.Open", "fixtures.three.Color",
        "fixtures.two.Size", "fixtures.two.State",
      ])
    let messages = pool.messages.map(\.fullName)
    #expect(messages.contains("fixtures.two.Order.Address.Inner"))
    #expect(messages.allSatisfy { $0.hasPrefix("fixtures.") && !$0.hasSuffix("Entry") })
    #expect(messages == messages.sorted())
  }

  @Test("Well-known types are there without any file")
  func wellKnown() throws {
    let pool = try DescriptorPool([])
    #expect(
      try pool.message(named: "google.protobuf.Any").fields.map(\.name) == ["type_url", "value"])
    #expect(try pool.message(named: "google.protobuf.FileDescriptorProto").file.hasSuffix(".proto"))
    #expect(pool.messages.isEmpty && pool.enums.isEmpty && pool.services.isEmpty)
  }

  @Test("A file that declares a well-known type again does not change it")
  func forgedWellKnown() throws {
    let file = Google_Protobuf_FileDescriptorProto.with {
      $0.name = "google/protobuf/timestamp.proto"
      $0.package = "google.protobuf"
      $0.syntax = "proto3"
      $0.messageType = [.with { $0.name = "Timestamp" }]
    }
    let type = try DescriptorPool([file]).message(named: "google.protobuf.Timestamp")
    #expect(type.fields.map(\.name) == ["seconds", "nanos"])
  }

  @Test("A name that is not there is answered with one that is near")
  func misspelled() throws {
    let pool = try Fixtures.pool()
    #expect(
      sentence { try pool.message(named: "fixtures.three.Scalar") }
        == "There is no message 'fixtures.three.Scalar' (is it 'fixtures.three.Scalars'?).")
    #expect(sentence { try pool.service(named: "x") } == "There is no service 'x'.")
    #expect(
      sentence { try pool.method(named: "fixtures.three.Orchard/watch") }
        == "The service fixtures.three.Orchard has no method 'watch' (is it 'Watch'?).")
    #expect(
      sentence { try pool.method(named: "Watch") }
        == "'Watch' is no method: write it as package.Service/Method.")
  }

  @Test("A missing import is named by the type that is not there for it")
  func missingImport() throws {
    let file = Google_Protobuf_FileDescriptorProto.with {
      $0.name = "a.proto"
      $0.package = "a"
      $0.dependency = ["b.proto", "google/protobuf/any.proto"]
      $0.messageType = [message("A", field: .with { $0.typeName = ".b.B" })]
    }
    #expect(DescriptorPool.missingImports(of: [file]) == ["b.proto"])
    #expect(
      sentence { try DescriptorPool([file]) }
        == "The field a.A.f uses 'b.B', which is not declared, as b.proto is missing, "
        + "which a.proto imports.")
  }

  @Test("A missing import that nothing needs is no error")
  func unusedImport() throws {
    let file = Google_Protobuf_FileDescriptorProto.with {
      $0.name = "a.proto"
      $0.dependency = ["options.proto"]
      $0.messageType = [message("A", field: .with { $0.type = .string })]
    }
    #expect(try DescriptorPool([file]).message(named: "A").fields.count == 1)
  }

  @Test("Names without a leading dot are searched from the inside out")
  func relativeNames() throws {
    let file = Google_Protobuf_FileDescriptorProto.with {
      $0.name = "a.proto"
      $0.package = "p.q"
      $0.messageType = [
        message("A", field: .with { $0.typeName = "B" }), .with { $0.name = "B" },
        .with {
          $0.name = "C"
          $0.field = [
            .with {
              $0.name = "f"
              $0.number = 1
              $0.typeName = "B"
            },
            .with {
              $0.name = "g"
              $0.number = 2
              $0.typeName = "q.B"
            },
          ]
          $0.nestedType = [.with { $0.name = "B" }]
        },
      ]
    }
    let pool = try DescriptorPool([file])
    let template = pool.template(of: try pool.message(named: "p.q.C"))
    #expect(template.text() == #"{"f":{},"g":{}}"#)
    #expect(try pool.describe("p.q.A").contains("p.q.B f = 1;"))
    #expect(try pool.describe("p.q.C").contains("p.q.C.B f = 1;"))
    #expect(try pool.describe("p.q.C").contains("p.q.B g = 2;"))
  }

  @Test("A file may be given twice; two files of one name or one symbol may not")
  func duplicates() throws {
    let one = Google_Protobuf_FileDescriptorProto.with {
      $0.name = "a.proto"
      $0.messageType = [.with { $0.name = "A" }]
    }
    #expect(try DescriptorPool([one, one]).files == ["a.proto"])
    var other = one
    other.package = "b"
    #expect(
      sentence { try DescriptorPool([one, other]) }
        == "The file a.proto is given twice, with different contents.")
    var third = one
    third.name = "c.proto"
    #expect(
      sentence { try DescriptorPool([one, third]) }
        == "'A' is declared twice, in a.proto and c.proto.")
  }

  @Test("Descriptors that no compiler makes are refused")
  func forged() throws {
    let fields: [Google_Protobuf_FieldDescriptorProto] = [
      .with {
        $0.number = 0
        $0.type = .int32
      },
      .with {
        $0.number = 1 << 29
        $0.type = .int32
      },
      .with {
        $0.number = -1
        $0.type = .int32
      },
      .with {
        $0.number = 1
        $0.type = .message
      },
      .with {
        $0.number = 1
        $0.type = .int32
        $0.oneofIndex = 3
      },
      .with {
        $0.number = 1
        $0.typeName = ".M.E"
        $0.label = .repeated
      },
    ]
    for field in fields {
      let file = Google_Protobuf_FileDescriptorProto.with {
        $0.name = "a.proto"
        $0.messageType = [
          .with {
            $0.name = "M"
            $0.field = [field]
            $0.field[0].name = "f"
            $0.nestedType = [
              .with {
                $0.name = "E"
                $0.options.mapEntry = true
              }
            ]
          }
        ]
      }
      #expect(throws: DescriptorProblem.self) { try DescriptorPool([file]) }
    }
    #expect(throws: DescriptorProblem.self) { try DescriptorPool(descriptorSet: [0xFF, 1]) }
    #expect(throws: DescriptorProblem.self) { try DescriptorPool(serializedFiles: [[0xFF]]) }
  }

  @Test("Values of maps have their length before them in a file of delimited messages, too")
  func delimitedMaps() throws {
    let file = Google_Protobuf_FileDescriptorProto.with {
      $0.name = "a.proto"
      $0.syntax = "editions"
      $0.edition = .edition2023
      $0.options.features.messageEncoding = .delimited
      $0.messageType = [
        .with {
          $0.name = "M"
          $0.field = [
            .with {
              $0.name = "m"
              $0.number = 1
              $0.label = .repeated
              $0.type = .message
              $0.typeName = ".M.MEntry"
            },
            .with {
              $0.name = "g"
              $0.number = 2
              $0.type = .message
              $0.typeName = ".M"
            },
          ]
          $0.nestedType = [
            .with {
              $0.name = "MEntry"
              $0.options.mapEntry = true
              $0.field = [
                .with {
                  $0.name = "key"
                  $0.number = 1
                  $0.type = .string
                },
                .with {
                  $0.name = "value"
                  $0.number = 2
                  $0.type = .message
                  $0.typeName = ".M"
                },
              ]
            }
          ]
        }
      ]
    }
    let codec = MessageCodec(try DescriptorPool([file]))
    let type = try codec.pool.message(named: "M")
    let json = #"{"m":{"a":{}},"g":{}}"#
    let wire = try codec.encode(json: Array(json.utf8), as: type)
    #expect(wire == [0x0A, 5, 0x0A, 1, 0x61, 0x12, 0, 0x13, 0x14])
    #expect(try codec.decode(wire: wire, as: type) == json)
  }

  @Test("Files as reflection answers them make the same pool as a set")
  func reflection() throws {
    let files = try Fixtures.files()
    let serialized = try files.reversed().map { try [UInt8]($0.serializedData()) }
    let pool = try DescriptorPool(serializedFiles: serialized)
    #expect(pool.messages.map(\.fullName) == (try Fixtures.pool().messages.map(\.fullName)))
  }

  private func message(
    _ name: String, field: Google_Protobuf_FieldDescriptorProto
  ) -> Google_Protobuf_DescriptorProto {
    .with {
      $0.name = name
      $0.field = [field]
      $0.field[0].name = "f"
      $0.field[0].number = 1
    }
  }

  private func sentence<T>(_ body: () throws -> T) -> String {
    do {
      _ = try body()
      return "nothing was thrown"
    } catch {
      return "\(error)"
    }
  }
}
