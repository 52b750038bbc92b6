import ArgumentParser
import FairleadDescriptors
import Foundation
import GRPCCore

/// One pair of metadata as the command line writes it, `name: value`.
///
/// Names are in lower case, as HTTP/2 has them. The value of a name that ends in `-bin` is base64 of
/// its bytes, with or without padding.
struct HeaderArgument: Sendable, Hashable {
  /// In lower case.
  let name: String
  let value: Metadata.Value

  /// - Throws: `ValidationError` for what gRPC does not allow as metadata.
  init(parsing text: String) throws {
    // The name of a pseudo-header would begin with the colon.
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
      throw ValidationError("The header '\(text.printable)' is not written as 'name: value'.")
    }
    let name = text[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
    let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
      throw ValidationError(
        "'\(name.printable)' is no name for a header: use letters, digits, '-', '_' and '.'.")
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
    name.hasPrefix("grpc-") || ["content-type", "te", "host", "connection"].contains(name)
  }

  private static func advice(for name: String) -> String {
    switch name {
    case "grpc-timeout": "give the time as a duration"
    case "host": "give --authority"
    case _: "leave it out"
    }
  }
}

extension [HeaderArgument] {
  /// All of them, in their order.
  var metadata: Metadata {
    var metadata = Metadata()
    for header in self {
      switch header.value {
      case .string(let text): metadata.addString(text, forKey: header.name)
      case .binary(let bytes): metadata.addBinary(bytes, forKey: header.name)
      }
    }
    return metadata
  }
}
