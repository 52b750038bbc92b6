import FairleadDiscovery

extension Target {
  /// What calls to it name as `:authority`: its name, percent-encoded where an authority cannot have a
  /// character (gRFC A1, RFC 3986); `nil` for lists of addresses and files, whose endpoints speak for
  /// themselves.
  var authorityOfCalls: String? {
    switch scheme {
    case "ipv4", "ipv6", "static", "file": nil
    case "unix": "localhost"
    default: endpoint.encodedAuthority
    }
  }
}

extension String {
  /// Letters, digits and what else RFC 3986, section 3.2, allows stay as they are.
  fileprivate var encodedAuthority: String {
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

  private static let allowed = Set("-._~!$&'()*+,;=:[]@".utf8)
}
