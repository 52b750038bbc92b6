/// Text that nobody may see. However it is printed, dumped or logged, `<secret>` is what appears.
package struct Secret: Sendable, Hashable {
  /// The text itself, for the place that must have it.
  package let value: String

  package init(_ value: String) {
    self.value = value
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "<secret>" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
