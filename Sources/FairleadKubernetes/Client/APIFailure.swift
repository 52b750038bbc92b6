import AsyncHTTPClient
import FairleadManifests
import NIOCore
import NIOHTTP1

/// Makes sentences of answers that are no success.
enum APIFailure {
  static func read(
    _ response: HTTPClientResponse, of request: APIRequest, access: ClusterAccess, limit: Int
  ) async -> KubernetesFailure {
    // Without a body the status alone tells.
    let body = try? await response.body.collect(upTo: limit)
    let bytes = body.map { [UInt8]($0.readableBytesView) } ?? []
    let status = (try? ManifestNode(json: bytes)).map { APIStatus($0) }
    let seconds = response.headers.first(name: "retry-after").flatMap { Int($0) }
    return describe(
      code: Int(response.status.code), status: status ?? APIStatus(),
      retryAfter: seconds.map { .seconds(max(0, $0)) }, request: request, access: access)
  }

  /// An answer, or an `ERROR` event of a watch.
  static func describe(
    code: Int, status: APIStatus, retryAfter: Duration? = nil, request: APIRequest,
    access: ClusterAccess
  ) -> KubernetesFailure {
    let server = "The API server at \(access.server)"
    let what = "\(request.verb.rawValue) \(request.scope)"
    let said = status.message.map { ": \($0)" } ?? ""
    switch code {
    case 401:
      return KubernetesFailure(
        .unauthorized,
        "\(server) does not accept the credentials of \(access.source) (401); renew them.")
    case 403:
      return KubernetesFailure(
        .forbidden,
        "\(server) forbids \(status.user ?? "us") to \(what) (403); grant the verbs list and watch, "
          + "as deploy/rbac.yaml does.")
    case 404:
      return KubernetesFailure(
        .notFound,
        "\(server) does not have \(request.scope.path(version: request.version)) (404); "
          + (request.scope.kind.isCustomResource
            ? "install the CRD if you need it." : "check that its address leads to an API server."))
    case 410:
      return KubernetesFailure(.expired, "\(server) cannot \(what) from there any more (410).")
    case 504 where status.isRevisionTooLarge, 500 where status.isRevisionTooLarge:
      return KubernetesFailure(
        .expired, "\(server) does not have the revision to \(what) from; it was restored, perhaps.")
    case 429, 503:
      return KubernetesFailure(
        .overloaded, "\(server) is too busy to \(what) (\(code))\(said).", retryAfter: retryAfter)
    default:
      return KubernetesFailure(
        .refused, "\(server) did not \(what), and answered \(code)\(said).", retryAfter: retryAfter)
    }
  }
}
