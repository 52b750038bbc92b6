import Testing

@testable import FairleadManifests

@Suite("Hostile text is refused in bounded time and memory")
struct HostileYAMLTests {
  private func findings(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> [Finding] {
    DecodedFile(bytes: bytes, file: "test.yaml", limits: limits).findings
  }

  private func findings(_ text: String, limits: YAMLLimits = YAMLLimits()) -> [Finding] {
    findings(Array(text.utf8), limits: limits)
  }

  @Test("nesting", arguments: ["[", "{a: ", "- ", "? "], [101, 1_500, 100_000])
  func nesting(open: String, depth: Int) {
    let all = findings("a:\n  " + String(repeating: open, count: depth))
    #expect(all.map(\.code) == [.syntax])
  }

  @Test("nesting by indentation")
  func indentation() {
    let text = (0..<300).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
    let all = findings(text)
    #expect(all.map(\.code) == [.syntax])
    #expect(all.first?.message.contains("nested") == true)
  }

  @Test("nesting up to the limit is fine")
  func allowedNesting() {
    let text = "a: " + String(repeating: "[", count: 99) + String(repeating: "]", count: 99)
    #expect(findings(text).map(\.code) == [.missingField, .missingField])
  }

  /// Nine anchors, each ten times the one before: a billion values.
  private var billionLaughs: String {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    return text
  }

  @Test("aliases of aliases, as values and as a key")
  func aliases() {
    #expect(findings(billionLaughs).map(\.code) == [.syntax])
    #expect(findings(billionLaughs + "? *a9\n: x\n").map(\.code) == [.syntax])
  }

  @Test("aliases that the first look takes for harmless are stopped by count")
  func hiddenAliases() {
    // A comment ends what the anchor is taken to stand for.
    let text =
      billionLaughs
      .split(separator: "\n").map { line in
        guard let name = line.split(separator: ":").first else { return String(line) }
        return String(line.replacing("[", with: "# *\(name)\n  ["))
      }.joined(separator: "\n")
    #expect(AliasBudget.expandedSize(of: text.utf8) < YAMLLimits().expandedSize)
    let all = findings(text)
    #expect(all.map(\.code) == [.syntax])
    #expect(all.first?.message.contains("1000000 values") == true)
  }

  @Test("honest use of anchors is not mistaken for an attack")
  func honestAliases() {
    var text = "labels: &labels {app: greeter, tier: back}\nnotes: &notes {a: b}\nitems:\n"
    for _ in 0..<200 {
      text += "- {labels: *labels, annotations: *notes}\n"
    }
    #expect(findings(text).map(\.code) == [.missingField, .missingField])
  }

  @Test("a scalar of 10 MiB is read, a file above the limit is not")
  func size() {
    let big = String(repeating: "x", count: 10 << 20)
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: \(big)}\n"
    #expect(findings(text).isEmpty)
    let all = findings(String(repeating: "#\n", count: (8 << 20) + 1))
    #expect(all.map(\.code) == [.tooLarge])
  }

  @Test("a long message is cut and holds no control characters")
  func messages() {
    let text =
      "apiVersion: v1\nkind: Service\nmetadata: {name: \"\\e[31m\(String(repeating: "x", count: 9_999))\"}\nspec: {ports: [{port: 1}]}\n"
    let all = findings(text)
    #expect(all.map(\.code) == [.invalidValue])
    #expect(all.allSatisfy { $0.description.utf8.count < 500 })
    #expect(all.allSatisfy { !$0.description.unicodeScalars.contains("\u{1B}") })
    #expect(all.first?.message.contains("\\u{1b}") == true)
    #expect(all.first?.origin.object?.utf8.count ?? 0 < 200)
  }

  @Test("NUL and other control characters are refused with their line")
  func controlCharacters() {
    let nul = findings("a: 1\nb: \0\n")
    #expect(nul.map(\.code) == [.syntax])
    #expect(nul.first?.origin.line == 2)
    #expect(findings("a: \u{7}\n").map(\.code) == [.syntax])
  }

  @Test("text that is not UTF-8 is refused with its line")
  func encoding() {
    let all = findings(Array("a: 1\nb: ".utf8) + [0xC3, 0x28] + Array("\n".utf8))
    #expect(all.map(\.code) == [.syntax])
    #expect(all.first?.origin.line == 2)
    #expect(all.first?.message.contains("UTF-8") == true)
    // UTF-16, as some editors write it.
    #expect(findings([0xFF, 0xFE, 0x61, 0x00]).map(\.code) == [.syntax])
  }

  @Test("very many documents are refused")
  func documents() {
    var limits = YAMLLimits()
    limits.documents = 3
    #expect(
      findings("a: 1\n---\nb: 1\n---\nc: 1\n---\nd: 1\n", limits: limits).map(\.code) == [.tooLarge]
    )
  }

  @Test("a file of nothing but mistakes has a bounded number of findings, and stays refused")
  func manyMistakes() {
    let head = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports: [{port: 1}]\n"
    let unknown = (0..<20_000).map { "  x\($0): 1\n" }.joined()
    let warnings = findings(head + unknown)
    #expect(warnings.count == FindingList.limit + 1)
    #expect(warnings.allSatisfy { $0.severity == .warning })
    #expect(warnings.contains { $0.message == "18000 more findings are not shown" })
    let errors = findings(
      head + unknown + "---\napiVersion: v1\nkind: List\nitems: [1, 2]\n---\na: [\n")
    #expect(errors.hasErrors)
    let items = (0..<20_000).map { "- \($0)\n" }.joined()
    #expect(
      findings("apiVersion: v1\nkind: List\nitems:\n" + items).count == FindingList.limit + 1)
  }

  @Test("any prefix of a good file, and any byte of it turned over, ends in findings or objects")
  func mutations() {
    let good = Array(
      [
        greeter, greeterSubsets,
        greeterRoutes("  - {match: [{port: 1}], route: [{destination: {host: a}, weight: 1}]}"),
      ].joined(separator: "\n---\n").utf8)
    for length in stride(from: 0, to: good.count, by: 5) {
      _ = findings(Array(good[..<length]))
    }
    for index in stride(from: 0, to: good.count, by: 4) {
      for mask: UInt8 in [0x01, 0x10, 0x80] {
        var bad = good
        bad[index] ^= mask
        _ = findings(bad)
      }
    }
  }

}
