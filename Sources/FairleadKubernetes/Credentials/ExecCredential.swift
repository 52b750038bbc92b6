import Foundation

/// What an exec plugin printed: `ExecCredential.status`.
struct ExecCredential: Sendable, Hashable {
  var token: Secret?
  var certificate: ClusterAccess.ClientCertificate?
  /// `nil`: good until the server refuses it.
  var expiresAt: Date?

  private struct Printed: Decodable {
    var apiVersion: String?
    var kind: String?
    var status: Status?

    struct Status: Decodable {
      var token: String?
      var expirationTimestamp: String?
      var clientCertificateData: String?
      var clientKeyData: String?
    }
  }

  /// - Parameter source: where the plugin is named, for messages.
  init(printed: [UInt8], by plugin: ExecPlugin, source: String) throws(KubernetesFailure) {
    func failure(_ what: String) -> KubernetesFailure {
      KubernetesFailure(
        .credentials, "The exec plugin \"\(plugin.command)\" of \(source) \(what).")
    }
    // The error is not told: it may quote a secret.
    guard let printed = try? JSONDecoder().decode(Printed.self, from: Data(printed)) else {
      throw failure("did not print an ExecCredential in JSON")
    }
    guard printed.kind == "ExecCredential", printed.apiVersion == plugin.apiVersion else {
      throw failure("must print kind ExecCredential of apiVersion \(plugin.apiVersion)")
    }
    let status = printed.status
    token = status?.token.flatMap { $0.isEmpty ? nil : Secret($0) }
    if let chain = status?.clientCertificateData, let key = status?.clientKeyData {
      certificate = ClusterAccess.ClientCertificate(chain: Secret(chain), key: Secret(key))
    } else if status?.clientCertificateData != nil || status?.clientKeyData != nil {
      throw failure("printed only one of clientCertificateData and clientKeyData")
    }
    guard token != nil || certificate != nil else {
      throw failure("printed neither a token nor a certificate")
    }
    if let text = status?.expirationTimestamp {
      guard let date = Self.time(text) else {
        throw failure("printed an expirationTimestamp that is no RFC 3339 time")
      }
      expiresAt = date
    }
  }

  /// Whether a request was made with this one's token, or with its certificate alone.
  func made(_ authorization: RequestCredentials.Authorization?) -> Bool {
    authorization == token.map { RequestCredentials.Authorization.bearer($0) }
  }

  private static func time(_ text: String) -> Date? {
    (try? Date(text, strategy: .iso8601))
      ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }

  /// Whether it is used rather than made anew.
  func isGood(at now: Date) -> Bool {
    expiresAt.map { now < $0 } ?? true
  }
}
