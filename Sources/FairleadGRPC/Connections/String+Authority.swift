extension String {
  /// Percent-encoded as `:authority` wants it: letters, digits and what else RFC 3986, section 3.2,
  /// allows stay as they are.
  var encodedAuthority: String {
    var encoded = ""
    for byte in utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        if Self.allowed.contains(byte) {
          encoded.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
          encoded += byte < 16 ? "%0" : "%"
          encoded += String(byte, radix: 16, uppercase: true)
        }
      }
    }
    return encoded
  }

  /// An authority without its port, and without brackets.
  var host: String {
    if hasPrefix("["), let end = firstIndex(of: "]") {
      return String(self[index(after: startIndex)..<end])
    }
    let parts = split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 ? String(parts[0]) : self
  }

  private static let allowed = Set("-._~!$&'()*+,;=:[]@".utf8)
}
