/// Where a value was written: a place in a file, and a path in the object.
package struct Origin: Sendable, Hashable {
  /// The file as its reader named it; `nil` for an object that came from an API server.
  package var file: String?
  /// Counted from 1; 0 if there is no file.
  package var line: Int
  /// Counted from 1, in Unicode scalars; 0 if there is no file.
  package var column: Int
  /// The field, as `spec.http[0].retries`. Empty for the object as a whole.
  package var path: String
  /// The object it is in, as `VirtualService default/greeter`; `nil` outside of one.
  package var object: String?

  package init(
    file: String? = nil, line: Int = 0, column: Int = 0, path: String = "", object: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.path = path
    self.object = object
  }
}
