/// The fields of a kubeconfig file (`v1` `Config`) that are used; others are passed over.
struct KubeconfigFile: Decodable, Sendable {
  var currentContext: String?
  var contexts: [NamedContext]?
  var clusters: [NamedCluster]?
  var users: [NamedUser]?

  enum CodingKeys: String, CodingKey {
    case currentContext = "current-context"
    case contexts, clusters, users
  }

  struct NamedContext: Decodable, Sendable {
    var name: String
    var context: Context
  }

  struct Context: Decodable, Sendable {
    var cluster: String
    var user: String?
    var namespace: String?
  }

  struct NamedCluster: Decodable, Sendable {
    var name: String
    var cluster: Cluster
  }

  struct Cluster: Decodable, Sendable {
    var server: String
    var authorityFile: String?
    var authorityData: String?
    var tlsServerName: String?
    var insecureSkipTLSVerify: Bool?
    var proxyURL: String?

    enum CodingKeys: String, CodingKey {
      case server
      case authorityFile = "certificate-authority"
      case authorityData = "certificate-authority-data"
      case tlsServerName = "tls-server-name"
      case insecureSkipTLSVerify = "insecure-skip-tls-verify"
      case proxyURL = "proxy-url"
    }
  }

  struct NamedUser: Decodable, Sendable {
    var name: String
    var user: User
  }

  struct User: Decodable, Sendable {
    var certificateFile: String?
    var certificateData: String?
    var keyFile: String?
    var keyData: String?
    var token: String?
    var tokenFile: String?
    var username: String?
    var password: String?
    var exec: Exec?
    /// Of old providers that kubectl has given up, too.
    var authProvider: AuthProvider?

    enum CodingKeys: String, CodingKey {
      case certificateFile = "client-certificate"
      case certificateData = "client-certificate-data"
      case keyFile = "client-key"
      case keyData = "client-key-data"
      case token, tokenFile, username, password, exec
      case authProvider = "auth-provider"
    }
  }

  struct AuthProvider: Decodable, Sendable {
    var name: String?
  }

  struct Exec: Decodable, Sendable {
    var apiVersion: String?
    var command: String
    var args: [String]?
    var env: [Variable]?
    var installHint: String?
    var provideClusterInfo: Bool?
    var interactiveMode: String?
  }

  struct Variable: Decodable, Sendable {
    var name: String
    var value: String
  }
}
