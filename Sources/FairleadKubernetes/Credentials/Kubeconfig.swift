import Foundation
import Yams

/// What one or several kubeconfig files say together. Of two entries with one name the first counts,
/// as for kubectl.
struct Kubeconfig: Sendable {
  /// In the order in which they were read; at least one.
  private(set) var files: [String] = []
  private(set) var currentContext: String?
  private(set) var contexts: [String: Context] = [:]
  private(set) var clusters: [String: Placed<KubeconfigFile.Cluster>] = [:]
  private(set) var users: [String: Placed<KubeconfigFile.User>] = [:]

  typealias Context = KubeconfigFile.Context

  /// An entry and the file it stands in, to whose folder its paths are relative.
  struct Placed<Entry: Sendable>: Sendable {
    var entry: Entry
    var file: String

    /// - Parameter path: absolute, or relative to the file's folder.
    func resolve(_ path: String) -> String {
      guard !path.hasPrefix("/") else { return path }
      return URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(path)
        .standardizedFileURL.path
    }
  }

  /// - Parameter paths: those that do not exist are passed over, as long as one does.
  init(paths: [String]) throws(KubernetesFailure) {
    for path in paths where FileManager.default.fileExists(atPath: path) {
      merge(try Self.read(path), from: path)
    }
    guard !files.isEmpty else {
      let list = paths.joined(separator: ", ")
      throw KubernetesFailure(
        .credentials,
        "There is no kubeconfig at \(list); set KUBECONFIG to one, or run inside a cluster.")
    }
  }

  /// The files in one sentence's words.
  var source: String { files.joined(separator: ", ") }

  private mutating func merge(_ file: KubeconfigFile, from path: String) {
    files.append(path)
    if currentContext == nil, let name = file.currentContext, !name.isEmpty {
      currentContext = name
    }
    for named in file.contexts ?? [] where contexts[named.name] == nil {
      contexts[named.name] = named.context
    }
    for named in file.clusters ?? [] where clusters[named.name] == nil {
      clusters[named.name] = Placed(entry: named.cluster, file: path)
    }
    for named in file.users ?? [] where users[named.name] == nil {
      users[named.name] = Placed(entry: named.user, file: path)
    }
  }

  private static func read(_ path: String) throws(KubernetesFailure) -> KubeconfigFile {
    let bytes = try CredentialFile.read(path, for: "the kubeconfig")
    do {
      return try YAMLDecoder().decode(KubeconfigFile.self, from: Data(bytes))
    } catch {
      throw KubernetesFailure(
        .credentials, "The kubeconfig \(path) cannot be read: \(reason(error)).")
    }
  }

  /// Never the text itself: secrets stand there.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context):
      return context.codingPath.isEmpty
        ? "it is no mapping, or a field is missing"
        : "\(path(context.codingPath)) is missing or of the wrong type"
    case DecodingError.dataCorrupted(let context):
      if case YamlError.parser(_, _, let mark, _)? = context.underlyingError {
        return "line \(mark.line) is not valid YAML"
      }
      if case YamlError.scanner(_, _, let mark, _)? = context.underlyingError {
        return "line \(mark.line) is not valid YAML"
      }
      return "it is not valid YAML"
    default:
      return "it is not valid YAML"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
  }
}
