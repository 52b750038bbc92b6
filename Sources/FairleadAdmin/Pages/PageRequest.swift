/// What a request for a page comes down to. Its body is never read.
package struct PageRequest: Sendable, Hashable {
  /// `GET`, in upper case.
  package var method: String
  /// Without the query.
  package var path: String
  package var query: PageQuery
  /// The `accept` header.
  package var accept: String?

  package init(
    method: String = "GET", path: String, query: PageQuery = [:], accept: String? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.accept = accept
  }

  /// Asked for by `?format=json`, or by naming `application/json` in `accept`; the parameter has the last word.
  package var wantsJSON: Bool {
    if let format = query["format"] {
      return format == "json"
    }
    return accept?.lowercased().contains("application/json") ?? false
  }
}
