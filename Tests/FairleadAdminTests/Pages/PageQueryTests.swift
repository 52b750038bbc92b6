import FairleadAdmin
import Testing

@Suite("A query")
struct PageQueryTests {
  private func pairs(_ text: String) -> [String] {
    PageQuery(parsing: text).parameters.map { "\($0.name)|\($0.value)" }
  }

  @Test("is read in order, and decoded")
  func parameters() {
    #expect(pairs("b=1&a=two+words&b=%C3%A9%26") == ["b|1", "a|two words", "b|é&"])
    #expect(pairs("a&b=&=c&a=b=c") == ["a|", "b|", "|c", "a|b=c"])
    #expect(pairs("") == [] && pairs("&&") == [])
    #expect(PageQuery(parsing: "a=1&a=2")["a"] == "1")
    #expect(PageQuery(parsing: "a=1")["b"] == nil)
  }

  @Test("keeps apart what is not percent-encoded", arguments: ["a=%zz", "%=1", "a=%C3", "%FF"])
  func malformed(part: String) {
    let query = PageQuery(parsing: "b=1&\(part)&c=2")
    #expect(query.malformed == [part])
    #expect(query.parameters.map(\.name) == ["b", "c"])
  }
}
