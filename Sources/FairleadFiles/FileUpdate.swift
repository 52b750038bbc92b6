/// What a change of the files led to.
package enum FileUpdate: Sendable {
  /// Other objects, or other findings about them.
  case read(FileConfiguration)
  /// The files have errors: what was in force stays in force.
  case refused(RefusedConfiguration)
}
