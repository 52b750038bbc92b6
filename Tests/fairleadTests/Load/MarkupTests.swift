import Testing

@testable import fairlead

@Suite("Markup")
struct MarkupTests {
  @Test("Text and attributes are escaped")
  func escapes() {
    let markup = Markup.element("p", ["title": #"a"b'c<d>&"#], text: "</script><b>&amp;")
    #expect(
      markup.source
        == "<p title=\"a&quot;b&#39;c&lt;d&gt;&amp;\">&lt;/script&gt;&lt;b&gt;&amp;amp;</p>")
  }

  @Test("Elements nest, and void ones have no end")
  func nesting() {
    let markup = Markup.element("p", [:], [.void("br", ["class": "x"]), .text("a"), .own("<hr>")])
    #expect(markup.source == "<p><br class=\"x\">a<hr></p>")
  }
}
