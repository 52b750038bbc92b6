extension HostedService {
  /// The target that all its endpoints come from, by the annotation `fairlead.dev/target`.
  var target: String? {
    switch source {
    case .service(let object): object.target
    case .entry(let entry): entry.target
    }
  }

  /// Every target that endpoints of it come from, each once.
  var targets: Set<String> {
    if let target { return [target] }
    guard case .entry(let entry) = source else { return [] }
    let sources = entry.ports.flatMap { entry.sources(host: identity.host, port: $0) }
    return Set(
      sources.compactMap { source in
        switch source {
        case .endpoint: nil
        case .target(let target, _): target
        }
      })
  }
}
