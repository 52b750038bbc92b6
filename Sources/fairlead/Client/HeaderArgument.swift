import ArgumentParser
import FairleadDescriptors
import Foundation
import GRPCCore

/// One pair of metadata as the command line writes it, `name: value`.
///
/// Names are in lower case, as HTTP/2 has them. The value of a name that ends in `-bin` is base64 of
/// its bytes, with or without padding.
///
/// Values may be secret, and output is often kept: sentences name the header alone. For that reason it is
/// made when options are validated, not when they are parsed: ArgumentParser shows what it cannot parse.
struct HeaderArgument: Sendable, Hashable {
  /// In lower case.
  let name: String
  let value: Metadata.Value

  /// - Throws: `ValidationError` for what gRPC does not allow as metadata.
  init(parsing text: String) throws {
    // The name of a pseudo-header would begin with the colon.
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
      let name = String(text.prefix { !" =:".contains($0) }).printable
      throw ValidationError("The header '\(name)' is not written as 'name: value'.")
    }
    let name = text[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
    let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
      throw ValidationError(
        "'\(String(name.prefix { !" =".contains($0) }).printable)' is no name for a header: use "
          + "letters, digits, '-', '_' and '.'.")
    }
    guard !Self.isReserved(name) else {
      throw ValidationError("The header '\(name)' is gRPC's own; \(Self.advice(for: name)).")
    }
    self.name = name
    if name.hasSuffix("-bin") {
      guard let bytes = Base64.decode(Array(value.utf8)) else {
        throw ValidationError("The value of the header '\(name)' is not base64, as -bin wants.")
      }
      self.value = .binary(bytes)
    } else {
      guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw ValidationError(
          "The value of the header '\(name)' is not printable ASCII; give a -bin header in base64.")
      }
      self.value = .string(value)
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
      || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
  }

  private static func isReserved(_ name: String) -> Bool {
    name.hasPrefix("grpc-") || Self.reserved.contains(name)
  }

  /// gRPC's own, and what HTTP/2 has no place for (RFC 9113, 8.2.2).
  private static let reserved: Set<String> = [
    "content-type", "content-length", "te", "host", "connection", "keep-alive", "proxy-connection",
    "transfer-encoding", "upgrade",
  ]

  private static func advice(for name: String) -> String {
    switch name {
    case "grpc-timeout": "give the time as a duration"
    case "host": "give --authority"
    case _: "leave it out"
    }
  }
}

extension HeaderArgument {
  /// What options say, in their order.
  ///
  /// - Throws: `ValidationError` for the first that is wrong.
  static func metadata(_ texts: [String]) throws -> Metadata {
    var metadata = Metadata()
    for text in texts {
      let header = try HeaderArgument(parsing: text)
      switch header.value {
      case .string(let text): metadata.addString(text, forKey: header.name)
      case .binary(let bytes): metadata.addBinary(bytes, forKey: header.name)
      }
    }
    return metadata
  }
}
