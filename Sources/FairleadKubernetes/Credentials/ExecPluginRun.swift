import Foundation

/// One run of an exec plugin.
struct ExecPluginRun: Sendable {
  /// What a plugin may print; more is an error.
  static let outputLimit = 1 << 20

  let plugin: ExecPlugin
  /// Where the plugin is named, for messages.
  let source: String
  /// Our own environment, which it inherits.
  let environment: [String: String]
  let timeout: Duration
  let clock: any Clock<Duration>

  /// Starts it and waits for its end. Cancelled or too slow, it is killed.
  func credential() async throws(KubernetesFailure) -> ExecCredential {
    let process = PluginProcess(
      path: try executable(), arguments: plugin.arguments, environment: pluginEnvironment())
    let end = await withTaskGroup(of: PluginProcess.End?.self) { group in
      group.addTask { await process.run(outputLimit: Self.outputLimit) }
      group.addTask {
        // Cancelled: it has ended, or its killing is what is wanted.
        try? await clock.sleep(for: timeout)
        return nil
      }
      let first = await group.next() ?? nil
      process.kill()
      group.cancelAll()
      return first
    }
    switch end {
    case .printed(let bytes):
      return try ExecCredential(printed: bytes, by: plugin, source: source)
    case .failed(let what):
      throw failure(what)
    case nil:
      throw failure("did not end within \(timeout)")
    }
  }

  private func failure(_ what: String) -> KubernetesFailure {
    let hint = plugin.installHint.map {
      $0.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    let advice = hint.map { ": \($0)" } ?? "; run it by hand to see why."
    return KubernetesFailure(
      .credentials, "The exec plugin \"\(plugin.command)\" of \(source) \(what)\(advice)")
  }

  /// The command's path: as it is if it has a slash, else searched for in `PATH`.
  private func executable() throws(KubernetesFailure) -> String {
    if plugin.command.contains("/") {
      guard FileManager.default.isExecutableFile(atPath: plugin.command) else {
        throw failure("is not there, or not executable")
      }
      return plugin.command
    }
    for folder in (environment["PATH"] ?? "").split(separator: ":") {
      let path = "\(folder)/\(plugin.command)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw failure("is not in PATH")
  }

  private func pluginEnvironment() -> [String: String] {
    var result = environment
    for variable in plugin.environment { result[variable.name] = variable.value.value }
    result["KUBERNETES_EXEC_INFO"] = info
    return result
  }

  private struct Info: Encodable {
    var apiVersion: String
    var kind = "ExecCredential"
    var spec: Spec

    struct Spec: Encodable {
      var cluster: ExecPlugin.ClusterInfo?
      var interactive = false
    }
  }

  private var info: String {
    let info = Info(apiVersion: plugin.apiVersion, spec: Info.Spec(cluster: plugin.cluster))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and booleans alone: encoding cannot fail.
    return (try? encoder.encode(info)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
