import Foundation
import NIOSSL

/// What one request is made with.
struct RequestCredentials: Sendable {
  var access: ClusterAccess
  var authorization: Authorization?
  /// `nil` for plain HTTP.
  var tls: TLSConfiguration?

  enum Authorization: Sendable, Hashable {
    case bearer(Secret)
    case basic(user: String, password: Secret)

    var headerValue: String {
      switch self {
      case .bearer(let token):
        "Bearer \(token.value)"
      case .basic(let user, let password):
        "Basic \(Data("\(user):\(password.value)".utf8).base64EncodedString())"
      }
    }
  }
}
