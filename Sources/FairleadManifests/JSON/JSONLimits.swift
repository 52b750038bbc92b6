/// How much JSON is read before it is refused. They protect the process: an API server's answers are far below.
package struct JSONLimits: Sendable {
  /// Bytes of one value: a page of a list, or an event.
  package var size = 256 << 20
  /// Lists and objects inside each other.
  package var depth = 100

  package init() {}
}
