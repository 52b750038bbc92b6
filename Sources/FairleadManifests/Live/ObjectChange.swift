/// One change of what is known, as a source of objects tells it.
package enum ObjectChange: Sendable, Hashable {
  /// An object is new, or has become this.
  case put(ManifestObject)
  /// An object is gone. That it never was there is no error.
  case remove(ManifestKind, ObjectKey)
  /// These are all objects of the kind, as after a new list; any other is gone. Objects of other kinds among them are left
  /// out.
  case replaceAll(ManifestKind, [ManifestObject])
}
