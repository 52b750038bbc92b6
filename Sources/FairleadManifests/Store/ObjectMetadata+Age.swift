extension ObjectMetadata {
  /// Whether this object has precedence over another of its kind: the older one has (as in Istio),
  /// an object that is not in a cluster yet is the youngest, and of equals the first by file, line,
  /// namespace and name.
  package func precedes(_ other: ObjectMetadata) -> Bool {
    if creationTimestamp != other.creationTimestamp {
      guard let mine = creationTimestamp else { return false }
      guard let theirs = other.creationTimestamp else { return true }
      return mine < theirs
    }
    if origin.file != other.origin.file { return (origin.file ?? "") < (other.origin.file ?? "") }
    if origin.line != other.origin.line { return origin.line < other.origin.line }
    return key < other.key
  }
}
