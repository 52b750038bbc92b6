import GRPCCore

/// A version of gRPC's server reflection. Their messages are the same on the wire.
enum ReflectionVersion: String, Sendable, CaseIterable {
  case v1
  case v1alpha

  /// The one method that it has.
  var method: GRPCCore.MethodDescriptor {
    MethodDescriptor(
      fullyQualifiedService: "grpc.reflection.\(self.rawValue).ServerReflection",
      method: "ServerReflectionInfo", type: .bidirectionalStreaming)
  }

  /// What to try when a server does not know this one.
  var fallback: ReflectionVersion? {
    switch self {
    case .v1: .v1alpha
    case .v1alpha: nil
    }
  }
}
