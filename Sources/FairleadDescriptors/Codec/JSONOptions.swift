/// How messages are shown as JSON.
package struct JSONOptions: Sendable, Hashable {
  /// Shows fields without presence, lists and maps when they are empty, too.
  package var printsDefaults = false
  /// `user_id` in place of `userId`.
  package var keepsProtoNames = false
  /// Shows unknown fields by number, as `"#5"`; else they are left out.
  package var showsUnknown = false
  /// Shows the bytes of an `Any` of an unknown type in base64 as `"@value"`; else it is an error.
  package var showsUnknownTypes = false
  /// Spaces for each level; nil puts all on one line.
  package var indentation: Int?

  package init() {}
}
