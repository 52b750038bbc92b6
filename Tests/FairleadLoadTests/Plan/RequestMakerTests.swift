import FairleadBalancing
import FairleadDescriptors
import FairleadServices
import FairleadTestSupport
import SwiftProtobuf
import Testing

@testable import FairleadLoad

struct RequestMakerTests {
  private static func payload(
    _ data: String, method: String = "SayHello"
  ) throws -> LoadRequest.Payload {
    let pool = try Greeter.pool()
    let maker = try RequestMaker(
      data: data, method: try pool.method(named: "helloworld.Greeter/\(method)"),
      codec: MessageCodec(pool),
      sources: TemplateSources(random: RandomSource(seed: 1)) { "now" })
    return try maker.payload()
  }

  private static func variants(_ data: String, method: String = "SayHello") throws -> [[UInt8]] {
    guard case .variants(let variants) = try payload(data, method: method) else { return [] }
    return variants
  }

  /// A greeting of this name as it is in a body.
  private static func body(_ name: String) -> [UInt8] {
    LoadRequest.framed([0x0A, UInt8(name.utf8.count)] + Array(name.utf8))
  }

  @Test("data are one message, several, or a list of them")
  func variants() throws {
    #expect(try Self.variants(#"{"name":"a"}"#) == [Self.body("a")])
    #expect(
      try Self.variants(#"{"name":"a"} {"name":"b"}"#) == [Self.body("a"), Self.body("b")])
    #expect(
      try Self.variants(#"[{"name":"a"},{"name":"b"}]"#) == [Self.body("a"), Self.body("b")])
  }

  @Test("without data a message that has to have a field is refused")
  func required() throws {
    let file = Google_Protobuf_FileDescriptorProto.with {
      $0.name = "shop.proto"
      $0.package = "shop"
      $0.messageType = [
        .with {
          $0.name = "Order"
          $0.field = [
            .with {
              $0.name = "number"
              $0.number = 1
              $0.label = .required
              $0.type = .int32
            }
          ]
        }
      ]
      $0.service = [
        .with {
          $0.name = "Shop"
          $0.method = [
            .with {
              $0.name = "Place"
              $0.inputType = ".shop.Order"
              $0.outputType = ".shop.Order"
            }
          ]
        }
      ]
    }
    let pool = try DescriptorPool([file])
    let maker = try RequestMaker(
      data: "", method: try pool.method(named: "shop.Shop/Place"), codec: MessageCodec(pool),
      sources: TemplateSources(random: RandomSource(seed: 1)) { "now" })
    let failure = #expect(throws: LoadFailure.self) { try maker.payload() }
    #expect("\(failure, default: "")".contains("required field 'number' is missing"))
  }

  @Test("without data a message without fields is sent")
  func empty() throws {
    #expect(try Self.variants("") == [LoadRequest.framed([])])
    #expect(throws: LoadFailure("The data are a list without messages, and SayHello takes one.")) {
      try Self.variants("[]")
    }
    #expect(LoadRequest.framed([]) == [0, 0, 0, 0, 0])
  }

  @Test("a template makes each call's message, in turn")
  func template() throws {
    guard
      case .made(let make) = try Self.payload(#"[{"name":"a{{n}}"},{"name":"b{{worker}}"}]"#)
    else {
      Issue.record("The data vary.")
      return
    }
    #expect(try make(LoadTurn(number: 4, slot: 2)) == Self.body("a4"))
    #expect(try make(LoadTurn(number: 5, slot: 2)) == Self.body("b2"))
  }

  @Test("a call makes no message but its own")
  func oneRecord() throws {
    let data = #"{"name":"{{n}}"} {"name":"b"} {"name":"\u007b{n}}"}"#
    guard case .made(let make) = try Self.payload(data) else {
      Issue.record("The data vary.")
      return
    }
    for (number, name) in [(3, "3"), (4, "b"), (5, "{{n}}")] {
      #expect(try make(LoadTurn(number: number, slot: 0)) == Self.body(name))
    }
    let made = Noted<Int>()
    let pool = try Greeter.pool()
    let maker = try RequestMaker(
      data: #"{"name":"{{time}}"} {"name":"b"} {"name":"{{n}}"}"#,
      method: try pool.method(named: "helloworld.Greeter/SayHello"), codec: MessageCodec(pool),
      sources: TemplateSources(random: RandomSource(seed: 1)) {
        made.note(1)
        return "now"
      })
    guard case .made(let make) = try maker.payload() else {
      Issue.record("The data vary.")
      return
    }
    let before = made.all.count
    for number in 1...2 { _ = try make(LoadTurn(number: number, slot: 0)) }
    #expect(made.all.count == before)
    _ = try make(LoadTurn(number: 3, slot: 0))
    #expect(made.all.count == before + 1)
  }

  @Test("a body can be taken apart into its messages")
  func messages() {
    let body = Self.body("a") + LoadRequest.framed([]) + Self.body("bc")
    #expect(LoadRequest.messages(of: body) == [[10, 1, 97], [], [10, 2, 98, 99]])
    #expect(LoadRequest.messages(of: []).isEmpty)
  }

  @Test(
    "data that are no JSON, or do not fit, are refused in a sentence",
    arguments: [
      (#"{"name":"#, "The data cannot be read:"),
      (#"{"nme":"a"}"#, "The data do not fit helloworld.HelloRequest:"),
      (#"{"name":{{n}}}"#, "The data do not fit helloworld.HelloRequest:"),
      ("7", "The data do not fit helloworld.HelloRequest:"),
    ])
  func refused(data: String, beginning: String) throws {
    let failure = try #require(throws: LoadFailure.self) { try Self.payload(data) }
    #expect(failure.description.hasPrefix(beginning), "\(failure)")
  }
}
