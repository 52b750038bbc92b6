/// A method of a service.
package struct MethodDescriptor: Sendable {
  package let name: String
  /// The full name of its service, without a leading dot.
  package let service: String
  package let request: MessageDescriptor
  package let response: MessageDescriptor
  package let isClientStreaming: Bool
  package let isServerStreaming: Bool
  package let isDeprecated: Bool

  /// `package.Service.Method`.
  package var fullName: String { "\(self.service).\(self.name)" }
  /// The `:path` of a call, `/package.Service/Method`.
  package var path: String { "/\(self.service)/\(self.name)" }
}
