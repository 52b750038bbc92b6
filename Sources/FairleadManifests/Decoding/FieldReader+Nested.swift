extension FieldReader {
  /// A nested object.
  func object(_ key: String) -> FieldReader? {
    guard let value = value(key) else { return nil }
    guard value.fields != nil else {
      reportWrongType(key, value, wanted: "an object")
      return nil
    }
    return nestedReader(value, path: path(of: key))
  }

  /// The items of a list with their places; empty if it is absent.
  func items(_ key: String) -> [(node: ManifestNode, path: String)] {
    guard let value = value(key) else { return [] }
    guard case .sequence(let items) = value.content else {
      reportWrongType(key, value, wanted: "a list")
      return []
    }
    return items.enumerated().map { ($1, "\(path(of: key))[\($0)]") }
  }

  /// A list of objects; an item of another type is an error and left out.
  func objects(_ key: String) -> [FieldReader] {
    items(key).compactMap { node, path in
      guard node.fields != nil else {
        reportItem(node, path: path, wanted: "an object")
        return nil
      }
      return nestedReader(node, path: path)
    }
  }

  /// A list of strings with their places.
  func strings(_ key: String) -> [(text: String, origin: Origin)] {
    items(key).compactMap { node, path in
      guard case .string(let text) = node.content else {
        reportItem(node, path: path, wanted: "a string")
        return nil
      }
      return (text, context.origin(node.mark, path: path))
    }
  }

  private func reportItem(_ node: ManifestNode, path: String, wanted: String) {
    context.report(
      .error, .wrongType, "this item must be \(wanted), not \(node.kindInWords)",
      at: context.origin(node.mark, path: path))
  }
}
