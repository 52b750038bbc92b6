/// Reads the hosts that Istio's rules name.
enum HostDecoder {
  /// A list of hosts that must have at least one.
  static func hosts(_ reader: FieldReader, _ key: String) -> [Istio.Host] {
    if reader.items(key).isEmpty {
      reader.reportMissing(key)
    }
    return reader.strings(key).compactMap { text, origin in
      guard isValid(text, origin: origin, in: reader.context) else { return nil }
      return Istio.Host(text, origin: origin)
    }
  }

  /// One host that must be there.
  static func host(_ reader: FieldReader, _ key: String) -> Istio.Host? {
    guard let text = reader.requiredString(key) else { return nil }
    let origin = reader.origin(key)
    guard isValid(text, origin: origin, in: reader.context) else { return nil }
    return Istio.Host(text, origin: origin)
  }

  private static func isValid(
    _ text: String, origin: Origin, in context: DecodingContext
  ) -> Bool {
    if Names.isHost(text) { return true }
    context.report(
      .error, .invalidValue,
      "\(quoted(text)) is not a host; write a name as `greeter` or `greeter.default.svc.cluster.local`",
      at: origin)
    return false
  }
}
