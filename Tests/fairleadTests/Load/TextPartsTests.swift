import Testing

@testable import fairlead

@Suite("Parts of a text report")
struct TextPartsTests {
  @Test("A bar grows by eighths, and what is more than nothing shows")
  func bars() {
    #expect(TextBar.text(0, width: 10) == "")
    #expect(TextBar.text(1, width: 4) == "████")
    #expect(TextBar.text(0.5, width: 4) == "██")
    #expect(TextBar.text(0.5, width: 1) == "▌")
    #expect(TextBar.text(1e-9, width: 4) == "▏")
    #expect(TextBar.text(7, width: 4) == "████")
    #expect(TextBar.text(.nan, width: 4) == "")
    #expect(TextBar.text(0.5, width: 0) == "")
  }

  @Test("Blocks stand side by side where they fit")
  func beside() {
    #expect(
      TextBlock.beside(["ab", "c"], ["x", "y", "z"], gap: 2, width: 5) == [
        "ab  x", "c   y", "    z",
      ])
    #expect(TextBlock.beside(["ab", "c", "d"], ["x"], gap: 2, width: 5) == ["ab  x", "c", "d"])
    #expect(TextBlock.beside(["ab"], ["x"], gap: 2, width: 4) == ["ab", "", "x"])
  }

  @Test("Sentences are broken between words")
  func wrapped() {
    #expect(TextBlock.wrapped("ab cd efghij k", width: 5) == ["ab cd", "efghij", "k"])
    #expect(TextBlock.wrapped("", width: 5) == [])
  }

  @Test("Without colours nothing is painted")
  func paint() {
    #expect(TextStyle(width: 80, isColoured: false).painted("a", .bad) == "a")
    #expect(TextStyle(width: 80, isColoured: true).painted("a", .bad) == "\u{1B}[31ma\u{1B}[0m")
    #expect(TextStyle(width: 80, isColoured: true).painted("", .bad) == "")
  }
}
