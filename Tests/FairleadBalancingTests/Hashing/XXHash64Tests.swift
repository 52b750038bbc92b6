import FairleadBalancing
import Testing

@Suite("xxHash")
struct XXHash64Tests {
  @Test(
    "has the published values",
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)])
  func vectors(text: String, hash: UInt64) {
    #expect(XXHash64.hash(text) == hash)
    #expect(XXHash64.hash(Array(text.utf8)) == hash)
    #expect(XXHash64.hash(text, seed: 1) != hash)
  }

  @Test("tells apart strings of every length")
  func lengths() {
    let hashes = (0..<200).map { XXHash64.hash(String(repeating: "x", count: $0)) }
    #expect(Set(hashes).count == 200)
  }
}
