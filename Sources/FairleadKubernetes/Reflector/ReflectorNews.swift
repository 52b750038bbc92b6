import FairleadManifests

/// What a ``Reflector`` tells of the objects it follows.
package enum ReflectorNews: Sendable {
  /// A list is complete: these are all objects there are.
  case replaced([WatchedObject], version: String)
  /// Events of a watch, in their order.
  case changed([ReflectorChange])
  /// The server does not have this API, and so no such objects.
  case missing
  /// Something is wrong. What is known stays.
  case failed(KubernetesFailure)
  /// A watch is open: nothing is wrong any more.
  case watching
  /// The watch that was open has ended.
  case ended
}

/// One event of a watch.
package enum ReflectorChange: Sendable, Hashable {
  case put(WatchedObject)
  case removed(ObjectKey)
}
