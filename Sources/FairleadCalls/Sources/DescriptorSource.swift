import FairleadDescriptors

/// Where it is known from what services, methods and messages there are: a server's reflection, .proto
/// files or descriptor sets.
///
/// Errors are a `DescriptorProblem`, one sentence with what to do; or an `RPCError`, if a server was to
/// be asked and the call failed. Safe to use from any task; what was learned is kept.
package protocol DescriptorSource: Sendable {
  /// The full names of all services, sorted.
  func services() async throws -> [String]

  /// All that is needed to use a symbol, and maybe more.
  ///
  /// - Parameter symbol: The full name of a service, method, message, enum or extension.
  /// - Throws: When there is none of that name; the sentence names one that is spelled alike.
  func pool(for symbol: String) async throws -> DescriptorPool

  /// What was learned, with one more symbol if there is one of that name: for the type of an `Any`. Nil
  /// if nothing more is known.
  func pool(adding symbol: String) async -> DescriptorPool?
}

extension DescriptorSource {
  /// A method by `package.Service/Method`, `/package.Service/Method` or `package.Service.Method`.
  package func method(_ name: String) async throws -> MethodDescriptor {
    try await self.callable(name).method
  }

  /// The same with the codec for its messages.
  package func callable(_ name: String) async throws -> CallableMethod {
    let parsed = try MethodName(name)
    do {
      let pool = try await self.pool(for: parsed.service)
      return CallableMethod(method: try pool.method(named: parsed.path), codec: MessageCodec(pool))
    } catch let problem as DescriptorProblem {
      guard let service = await self.service(named: name), let method = service.methods.first
      else { throw problem }
      throw DescriptorProblem(
        "\(service.fullName.printable) is a service; name a method of it, such as "
          + "\(service.fullName.printable)/\(method.name.printable).")
    }
  }

  private func service(named name: String) async -> ServiceDescriptor? {
    // It was not found already: hints to names that are spelled alike are made.
    try? await self.pool(adding: name)?.service(named: name)
  }
}
