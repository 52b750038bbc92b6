import FairleadDiscovery

/// Who puts configurations in force and tells people of them.
package protocol ConfigurationSink: Sendable {
  /// Puts a configuration in force. The next one comes after this has returned; what changes
  /// meanwhile is in that one, whole.
  func apply(_ configuration: AppliedConfiguration) async
  /// A resolver's word on a target has changed from an answer to a failure, from one failure to
  /// another, or from a failure to an answer.
  func resolverDidChange(_ target: String, to resolution: Resolution) async
}
