import FairleadTestSupport
import Foundation
import Synchronization
import Testing

@testable import FairleadKubernetes

@Suite("Exec plugins", .timeLimit(.minutes(1)))
struct ExecPluginTests {
  private let configs: Kubeconfigs

  init() throws {
    configs = try Kubeconfigs()
  }

  private let version = "client.authentication.k8s.io/v1"

  /// A plugin that runs a script, and the client that uses it.
  private func client(
    _ script: String, extra: String = "", cluster: String = "server: http://127.0.0.1:1",
    options: KubernetesOptions = quickOptions()
  ) throws -> KubernetesClient {
    try configs.folder.write("plugin", "#!/bin/sh\n\(script)\n", mode: 0o700)
    let path = try configs.write(
      cluster: cluster, user: "exec: {apiVersion: \(version), command: ./plugin\(extra)}")
    return KubernetesClient(
      CredentialSelection(
        kubeconfig: path, environment: ["PATH": "/usr/bin:/bin", "INHERITED": "yes"]),
      options: options)
  }

  private func printing(_ status: String) -> String {
    "echo run >> \(configs.folder.path)/runs; cat <<'EOF'\n"
      + #"{"apiVersion":"\#(version)","kind":"ExecCredential","status":\#(status)}"# + "\nEOF"
  }

  private var runs: Int {
    let text = FileManager.default.contents(atPath: "\(configs.folder.path)/runs") ?? Data()
    return text.filter { $0 == 0x0A }.count
  }

  private func failure(_ client: KubernetesClient) async -> String {
    do {
      _ = try await client.credentials()
      return ""
    } catch {
      return error.message
    }
  }

  @Test("A token is used until it expires, then the plugin runs again")
  func expiry() async throws {
    let clock = MovingDate()
    let time = clock.date.addingTimeInterval(60).formatted(.iso8601)
    var options = quickOptions()
    options.wallClock = { clock.date }
    let client = try client(
      printing(#"{"token":"made","expirationTimestamp":"\#(time)"}"#), options: options)
    for _ in 0..<3 {
      #expect(try await client.credentials().authorization == .bearer(Secret("made")))
    }
    #expect(runs == 1)
    clock.move(by: 59)
    _ = try await client.credentials()
    #expect(runs == 1)
    clock.move(by: 1)
    _ = try await client.credentials()
    #expect(runs == 2)
  }

  @Test("Requests that come together lead to one run")
  func together() async throws {
    let client = try client(printing(#"{"token":"made"}"#))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<10 { group.addTask { _ = try await client.credentials() } }
      try await group.waitForAll()
    }
    #expect(runs == 1)
  }

  @Test("The plugin gets its arguments, its environment, ours, and what it may know of the cluster")
  func environment() async throws {
    let out = "\(configs.folder.path)/seen"
    let client = try client(
      "{ echo \"$1 $2\"; echo \"$OWN $INHERITED\"; echo \"$KUBERNETES_EXEC_INFO\"; } > \(out)\n"
        + printing(#"{"token":"made"}"#),
      extra: ", args: [a, \"b c\"], env: [{name: OWN, value: mine}], provideClusterInfo: true")
    _ = try await client.credentials()
    let lines = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
    #expect(lines.prefix(2) == ["a b c", "mine yes"])
    #expect(
      lines[2]
        == #"{"apiVersion":"\#(version)","kind":"ExecCredential","spec":{"cluster":{"server":"http://127.0.0.1:1"},"interactive":false}}"#
    )
  }

  @Test(
    "What a plugin prints and should not is told, without what it printed",
    arguments: [
      ("echo s3cret", "did not print an ExecCredential"),
      ("echo '{\"kind\":\"Other\",\"status\":{\"token\":\"s3cret\"}}'", "must print kind"),
      ("exit 3", "ended with status 3"),
      ("echo s3cret >&2; exit 1", "ended with status 1"),
      ("head -c 2000000 /dev/zero", "printed more than"),
      ("head -c 2000000 /dev/zero; sleep 1000", "printed more than"),
      ("kill -9 $$", "was ended by a signal"),
    ])
  func bad(script: String, reason: String) async throws {
    let message = await failure(try client(script))
    #expect(message.contains(reason), "\(message)")
    #expect(message.contains("./plugin") || message.contains("/plugin"))
    #expect(!message.contains("s3cret"))
  }

  @Test(
    "A credential that cannot be used is told",
    arguments: [
      ("{}", "neither a token nor a certificate"),
      (#"{"token":""}"#, "neither a token nor a certificate"),
      (#"{"token":"a","expirationTimestamp":"tomorrow"}"#, "no RFC 3339 time"),
      (#"{"token":"a","clientKeyData":"b"}"#, "only one of clientCertificateData"),
    ])
  func unusable(status: String, reason: String) async throws {
    let message = await failure(try client(printing(status)))
    #expect(message.contains(reason), "\(message)")
  }

  @Test("A plugin that is not there is told with the hint of how to install it")
  func absent() async throws {
    let client = try client("", extra: ", installHint: \"Install it\\nwith apt.\"")
    try FileManager.default.removeItem(atPath: "\(configs.folder.path)/plugin")
    let message = await failure(client)
    #expect(message.contains("is not there"))
    #expect(message.hasSuffix("Install it with apt."), "\(message)")
    let path = try configs.write(user: "exec: {apiVersion: \(version), command: no-such-plugin}")
    let other = KubernetesClient(
      CredentialSelection(kubeconfig: path, environment: ["PATH": configs.folder.path]),
      options: quickOptions())
    #expect(await failure(other).contains("is not in PATH"))
  }

  @Test(
    "A plugin that does not end is killed, and what it started with it",
    arguments: ["echo $$ > PID; exec sleep 1000", "sleep 1000 & echo $! > PID; wait"])
  func endless(script: String) async throws {
    let clock = ManualClock()
    var options = quickOptions()
    options.clock = clock
    let pid = "\(configs.folder.path)/pid"
    let client = try client(script.replacing("PID", with: pid), options: options)
    async let message = failure(client)
    await expectEventually {
      FileManager.default.contents(atPath: pid)?.contains(0x0A) == true
    }
    clock.advance(by: options.pluginTimeout)
    #expect(await message.contains("did not end within"))
    let text = try String(contentsOfFile: pid, encoding: .utf8)
    let process = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    await expectEventually("the process is gone") { !isRunning(process) }
  }
}

/// One that has ended and that nobody has taken counts as gone.
private func isRunning(_ process: Int32) -> Bool {
  guard kill(process, 0) == 0 else { return false }
  let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
  return stat?.contains(") Z ") != true
}

/// A date that a test moves.
private final class MovingDate: Sendable {
  private let now = Mutex(Date(timeIntervalSince1970: 1_700_000_000))

  var date: Date { now.withLock { $0 } }

  func move(by seconds: Double) {
    now.withLock { $0 += seconds }
  }
}
