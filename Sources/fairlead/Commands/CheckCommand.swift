import ArgumentParser
import FairleadDiscovery
import FairleadFiles
import FairleadManifests
import Foundation

/// `fairlead check`: what there is to say about a configuration.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check manifests: what is wrong, what is not honoured, what can never match.",
    discussion: """
      Reads Kubernetes and Istio objects as the proxy would, and prints one line for each finding:

        routes.yaml:12: warning not-honoured: `retries` is not honoured (spec.http[0].retries)

      An error means that the proxy would refuse the configuration and keep the one before. A warning means that it
      would not do what the file asks for. An info is worth knowing, and nothing is wrong.

      Example:
        fairlead check -f examples/split

      Exit status: 0 if there is no error and no warning, 1 if there is, 2 for wrong usage.
      """
  )

  @Option(
    name: .customShort("f"),
    help: ArgumentHelp("A file or folder of manifests (repeatable).", valueName: "path"))
  var paths: [String] = []

  @Flag(help: "Print one JSON object instead.")
  var json = false

  @Option(help: "The namespace of the clients, where services go by their bare names.")
  var namespace = "default"

  func validate() throws {
    guard !paths.isEmpty else {
      throw ValidationError("Name at least one file or folder: fairlead check -f PATH")
    }
  }

  func run() async throws {
    let resolvers = ResolverRegistry.unconnected(
      environment: ProcessInfo.processInfo.environment)
    let compiler = Compiler(options: CompileOptions(clientNamespace: namespace))
    let report: CheckReport
    do {
      let files = try CheckedFiles(paths: paths, resolvers: resolvers).load()
      let compiled = compiler.compile(files.store)
      report = CheckReport(
        findings: (files.findings + compiled.findings).sorted(), summary: compiled.summary,
        skippedKinds: files.skippedKinds)
    } catch {
      report = CheckReport(error)
    }
    let text = json ? try report.json() : report.text(colours: isatty(STDOUT_FILENO) == 1)
    Console.line(text)
    if !report.isGood {
      throw ExitCode(1)
    }
  }
}
