/// How much YAML is read before it is refused. They protect the process, not the writer: an honest
/// file is far below.
package struct YAMLLimits: Sendable {
  /// Bytes in one file.
  package var fileSize = 16 << 20
  /// Lists and objects inside each other.
  package var depth = 100
  /// Values in one document, each alias counted as often as it is used.
  package var nodes = 1_000_000
  /// Bytes of one document with its aliases written out.
  package var expandedSize = 64 << 20
  /// Documents in one file.
  package var documents = 10_000

  package init() {}
}
