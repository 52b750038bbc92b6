import FairleadBalancing
import Yams

/// The endpoints that a small YAML file lists:
///
/// ```yaml
/// - address: 10.0.0.1:8080
///   name: pod-a
///   weight: 2
///   zone: eu-1a
///   labels: {version: v1}
///   readiness: draining
/// - 10.0.0.2:8080
/// ```
///
/// The address alone is needed. The list may stand under `endpoints:`.
struct EndpointFile: Sendable, Hashable {
  let endpoints: [ResolvedEndpoint]

  /// What a file may hold, in bytes.
  static let sizeLimit = 1 << 20

  /// - Throws: one sentence that names all that is wrong, the first five at most.
  init(_ text: String, path: String) throws(ResolutionFailure) {
    var problems: [String] = []
    do {
      var decoder = EndpointFileDecoder()
      endpoints = decoder.decode(try Yams.compose(yaml: text))
      problems = decoder.problems
    } catch {
      endpoints = []
      problems = [Self.reason(error)]
    }
    guard problems.isEmpty else {
      let more = problems.count > 5 ? [" and \(problems.count - 5) more"] : []
      let list = (problems.prefix(5) + more).joined(separator: "; ")
      throw ResolutionFailure(.malformed, "The endpoint file \(path) is not valid: \(list).")
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? YamlError else { return "it is no YAML" }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return "line \(mark.line): \(problem)"
    default:
      return "it is no YAML"
    }
  }
}
