import Foundation
import GRPCCore

/// A server of `grpc.testing.TestService` on Python's grpcio, in a process of its own.
///
/// It runs in the environment of the acceptance suites, `.venv` (`scripts/python-env`).
struct GrpcioServer {
  private let port: Int

  private let process = Process()
  private let input = Pipe()

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static var python: String {
    self.root.appendingPathComponent(".venv/bin/python").path
  }

  static var isInstalled: Bool {
    FileManager.default.isExecutableFile(atPath: self.python)
  }

  /// Runs a test with a server, which ends with it.
  ///
  /// - Parameters:
  ///   - maximumAge: milliseconds after which it tells a connection to go away.
  ///   - body: gets the port of 127.0.0.1 that it listens on.
  static func run<Result: Sendable>(
    maximumAge: Int? = nil, body: (_ port: Int) async throws -> Result
  ) async throws -> Result {
    let server = try GrpcioServer(maximumAge: maximumAge)
    defer { server.process.terminate() }
    return try await body(server.port)
  }

  private init(maximumAge: Int?) throws {
    let output = Pipe()
    self.process.executableURL = URL(fileURLWithPath: Self.python)
    self.process.arguments =
      [Self.root.appendingPathComponent("Tests/acceptance/harness/interop_server.py").path]
      + (maximumAge.map { ["\($0)"] } ?? [])
    self.process.standardInput = self.input
    self.process.standardOutput = output
    try self.process.run()
    let line = String(
      decoding: output.fileHandleForReading.availableData, as: UTF8.self
    ).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let port = Int(line) else {
      self.process.terminate()
      throw RPCError(code: .internalError, message: "The grpcio server did not start.")
    }
    self.port = port
  }
}
