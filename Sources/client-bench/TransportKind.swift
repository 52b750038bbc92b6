import ArgumentParser

/// The client library under test.
enum TransportKind: String, ExpressibleByArgument, CaseIterable {
  case balanced
  /// grpc-swift's own.
  case builtIn = "built-in"
}
