import FairleadManifests
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import FairleadKubernetes

@Suite("What one refusal leads to", .timeLimit(.minutes(1)))
struct RefusedCredentialsTests {
  /// A client whose credentials a program makes, which writes a line for each run and prints a token of
  /// that number.
  private func client(_ folder: TemporaryFolder) throws -> KubernetesClient {
    let script = """
      #!/bin/sh
      echo run >> \(folder.path)/runs
      count=$(wc -l < \(folder.path)/runs | tr -d ' ')
      echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"token-$count\\"}}"
      """
    try folder.write("plugin", script, mode: 0o700)
    let config = try folder.write(
      "config",
      """
      current-context: test
      contexts: [{name: test, context: {cluster: test, user: test}}]
      clusters: [{name: test, cluster: {server: "http://127.0.0.1:1"}}]
      users: [{name: test, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}}}]
      """)
    let selection = CredentialSelection(kubeconfig: config, environment: ["PATH": "/usr/bin:/bin"])
    return KubernetesClient(selection, options: quickOptions())
  }

  @Test("Requests that are refused together lead to one run of the plugin")
  func oneRun() async throws {
    let folder = try TemporaryFolder()
    // Gone with its last use otherwise, and the plugin in it.
    defer { withExtendedLifetime(folder) {} }
    let client = try client(folder)
    let first = try await client.credentials()
    #expect(first.authorization == .bearer(Secret("token-1")))
    client.credentialsWereRefused(first)
    let second = try await client.credentials()
    #expect(second.authorization == .bearer(Secret("token-2")))
    // Another request that was made with the first token hears of it late.
    client.credentialsWereRefused(first)
    #expect(try await client.credentials().authorization == .bearer(Secret("token-2")))
    client.credentialsWereRefused(second)
    #expect(try await client.credentials().authorization == .bearer(Secret("token-3")))
  }

  @Test("A server that takes a watch and never begins to answer is given up")
  func silentServer() async throws {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let config = try folder.write(
      "config",
      """
      current-context: test
      contexts: [{name: test, context: {cluster: test}}]
      clusters: [{name: test, cluster: {server: "http://127.0.0.1:\(port)"}}]
      """)
    var options = quickOptions()
    options.listTimeout = .milliseconds(50)
    let client = KubernetesClient(
      CredentialSelection(kubeconfig: config, environment: [:]), options: options)
    let request = APIRequest(
      verb: .watch, scope: ResourceScope(.service), version: "v1", query: [("watch", "true")])
    let failure = await client.withSession { session -> KubernetesFailure? in
      do throws(KubernetesFailure) {
        _ = try await session.send(request)
        return nil
      } catch {
        return error
      }
    }
    #expect(failure?.kind == .unreachable)
    #expect(failure?.message.contains("does not answer in time") == true)
    #expect(failure?.message.contains(config) == true)
    try await listener.close()
  }
}
