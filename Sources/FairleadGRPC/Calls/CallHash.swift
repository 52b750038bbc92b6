import FairleadBalancing

/// What `ring_hash_experimental` keeps like calls together by, as grpc-swift chooses a connection before
/// it hands over a call's metadata.
///
/// ```swift
/// try await CallHash.with(userID) { try await greeter.sayHello(request) }
/// ```
///
/// A task-local value: it holds for all calls within, in child tasks too.
public enum CallHash {
  /// The hash of the calls that begin here; `nil`: a random one for each.
  @TaskLocal static var current: UInt64?

  /// Calls within `body` that have the same key go to the same endpoint, while the endpoints stay.
  ///
  /// - Parameter key: hashed with XXH64, as gRPC does with a header's value (gRFC A42).
  public static func with<Result>(
    _ key: String, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
  ) async rethrows -> Result {
    try await $current.withValue(XXHash64.hash(key), operation: body, isolation: isolation)
  }
}
