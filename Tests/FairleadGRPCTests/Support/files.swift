import Foundation

/// Replaces a file at once, as those who renew certificates should.
func replace(_ path: String, with other: String) throws {
  try write([UInt8](Data(contentsOf: URL(fileURLWithPath: other))), to: path)
}

/// Writes a file at once.
func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
}

/// What a file holds.
func content(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}
