/// A service of a pool.
package struct ServiceDescriptor: Sendable {
  package let name: String
  /// With the package, without a leading dot.
  package let fullName: String
  /// The file that declares it.
  package let file: String
  package let methods: [MethodDescriptor]
  package let isDeprecated: Bool

  package func method(named name: String) -> MethodDescriptor? {
    self.methods.first { $0.name == name }
  }
}
