import FairleadBalancing

extension ConfigFields {
  /// What a field must have.
  func required<Value>(
    _ name: String, _ value: Value?
  ) throws(ServiceConfigError) -> Value {
    guard let value else {
      throw ServiceConfigError(path: path(of: name), message: "It is missing; give it a value.")
    }
    return value
  }

  func list(_ name: String) throws(ServiceConfigError) -> [JSONValue]? {
    try self[name]?.list(path(of: name))
  }
}

extension JSONValue {
  func list(_ path: String) throws(ServiceConfigError) -> [JSONValue] {
    guard case .array(let values) = self else {
      throw ServiceConfigError(
        path: path, message: "Expected a list in brackets, found \(kind).")
    }
    return values
  }
}
