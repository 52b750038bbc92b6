/// Refuses text whose YAML aliases would multiply it beyond measure ("billion laughs"), before it
/// is parsed.
///
/// It reads anchors and aliases without knowing YAML: whatever looks like `&name` or `*name` counts
/// as one. What an anchor stands for is taken to reach up to its first use. The bound is exact
/// enough to pass honest files, which use an anchor for a few labels, and to stop an anchor of
/// aliases of aliases.
enum AliasBudget {
  /// How many bytes the text has at most once its aliases are written out; `Int.max` if there is no
  /// telling.
  static func expandedSize(of text: some Collection<UInt8>) -> Int {
    var open: [String: (offset: Int, total: Int)] = [:]
    var sizes: [String: Int] = [:]
    var total = 0
    var offset = 0
    var iterator = text.makeIterator()
    var next = iterator.next()
    while let byte = next {
      next = iterator.next()
      offset += 1
      guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
      let start = offset
      var name: [UInt8] = []
      while let letter = next, isNameByte(letter) {
        name.append(letter)
        next = iterator.next()
        offset += 1
      }
      guard !name.isEmpty else { continue }
      let key = String(decoding: name, as: UTF8.self)
      if byte == UInt8(ascii: "&") {
        open[key] = (start, total)
        continue
      }
      if let anchor = open.removeValue(forKey: key) {
        sizes[key] = (start - anchor.offset) + (total - anchor.total)
      }
      let (sum, overflows) = total.addingReportingOverflow(sizes[key] ?? 0)
      guard !overflows else { return .max }
      total = sum
    }
    let (sum, overflows) = total.addingReportingOverflow(offset)
    return overflows ? .max : sum
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default:
      false
    }
  }
}
