import Foundation
import Testing

@testable import FairleadKubernetes

/// What a real API server once sent.
enum Fixture {
  struct Missing: Error {
    let name: String
  }

  /// The file's bytes.
  static func bytes(_ name: String) throws -> [UInt8] {
    guard
      let url = Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")
    else { throw Missing(name: name) }
    return [UInt8](try Data(contentsOf: url))
  }

  /// The body of a recorded answer, which stands in the file beside the request.
  static func body(_ name: String) throws -> [UInt8] {
    let recorded = try JSONSerialization.jsonObject(with: Data(try bytes(name)))
    guard let body = (recorded as? [String: Any])?["body"] else { throw Missing(name: name) }
    return [UInt8](try JSONSerialization.data(withJSONObject: body, options: .sortedKeys))
  }

  /// The lines of a recorded watch.
  static func lines(_ name: String) throws -> [[UInt8]] {
    // The first one says what was asked.
    try bytes(name).split(separator: 0x0A).dropFirst().map { [UInt8]($0) }
  }

  /// The lines as they came, each with its end.
  static func stream(_ name: String) throws -> [UInt8] {
    try lines(name).flatMap { $0 + [0x0A] }
  }
}

/// The bytes in pieces of so many.
func chunks(_ bytes: [UInt8], of size: Int) -> [[UInt8]] {
  stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
}

/// The bytes in two pieces.
func halves(_ bytes: [UInt8], at index: Int) -> [[UInt8]] {
  [Array(bytes[..<index]), Array(bytes[index...])]
}
