import FairleadServices
import Testing

@testable import FairleadLoad

struct ReplyFieldTests {
  @Test("the value of a field tells who answered")
  func value() throws {
    let pool = try Greeter.pool()
    let field = try ReplyField(
      path: "message", of: pool.message(named: "helloworld.HelloReply"), in: pool)
    #expect(field.path == ["message"])
    #expect(field.value(in: [0x0A, 3] + Array("pod".utf8)) == "pod")
    #expect(field.value(in: []) == nil)
    #expect(field.value(in: [0x0A, 9]) == nil)
    #expect(BackendSource.field(field).description == "field message")
  }

  @Test(
    "a field of another type's, of none, or below a text is refused",
    arguments: ["pod", "", "message.pod"])
  func unknown(path: String) throws {
    let pool = try Greeter.pool()
    let type = try pool.message(named: "helloworld.HelloReply")
    #expect(throws: LoadFailure.self) { try ReplyField(path: path, of: type, in: pool) }
  }
}
