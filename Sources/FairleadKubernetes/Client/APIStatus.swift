import FairleadManifests

/// A `v1` Status: what an API server says of a request that failed.
struct APIStatus: Sendable, Hashable {
  var code: Int?
  var reason: String?
  /// In one line and without a full stop, cut off where it is long.
  var message: String?
  /// The server is behind the revision that was asked for.
  var isRevisionTooLarge = false

  init() {}

  init(_ node: ManifestNode) {
    if case .int(let code)? = node["code"]?.content { self.code = code }
    reason = node["reason"]?.text
    message = node["message"]?.text.map(Self.line)
    if case .sequence(let causes)? = node["details"]?["causes"]?.content {
      isRevisionTooLarge = causes.contains { $0["reason"]?.text == "ResourceVersionTooLarge" }
    }
  }

  /// Either form in which a server says that a revision is gone.
  var isExpired: Bool { code == 410 || reason == "Expired" || reason == "Gone" }

  /// Who we are, by the words of a 403: `User "system:serviceaccount:shop:fairlead"`.
  var user: String? {
    guard let message, let start = message.range(of: "User \"") else { return nil }
    let rest = message[start.upperBound...]
    guard let end = rest.firstIndex(of: "\"") else { return nil }
    return "User \"\(rest[..<end])\""
  }

  private static func line(_ text: String) -> String {
    var text = String(text.prefix(300).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    text.unicodeScalars.removeAll { $0.properties.generalCategory == .control }
    while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
