/// What a change of the files led to.
package enum FileUpdate: Sendable {
  /// A new configuration, to be put in force.
  case applied(AppliedConfiguration)
  /// The files have errors: what was in force stays in force.
  case refused(RefusedConfiguration)
}
