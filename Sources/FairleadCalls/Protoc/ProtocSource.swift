import FairleadDescriptors
import Foundation
import Synchronization

/// What .proto files say, read by `protoc`: it is what everybody with .proto files has, and what they
/// are checked with.
package final class ProtocSource: DescriptorSource {
  private let invocation: ProtocInvocation
  private let searchPath: String
  private let known = Mutex<Result<DescriptorPool, DescriptorProblem>?>(nil)

  /// - Parameters:
  ///   - files: The .proto files.
  ///   - importPaths: Where they and their imports are; none for the working folder.
  ///   - searchPath: Folders with a colon between them, where `protoc` is looked for.
  package init(files: [String], importPaths: [String], searchPath: String) {
    self.invocation = ProtocInvocation(files: files, importPaths: importPaths)
    self.searchPath = searchPath
  }

  package func services() async throws -> [String] {
    try await self.pool().services.map(\.fullName)
  }

  package func pool(for symbol: String) async throws -> DescriptorPool {
    try await self.pool()
  }

  package func pool(adding symbol: String) async -> DescriptorPool? { try? await self.pool() }

  private func pool() async throws -> DescriptorPool {
    if let known = self.known.withLock({ $0 }) { return try known.get() }
    do {
      let pool = try await self.read()
      self.known.withLock { $0 = .success(pool) }
      return pool
    } catch let problem as DescriptorProblem {
      self.known.withLock { $0 = .failure(problem) }
      throw problem
    }
  }

  private func read() async throws -> DescriptorPool {
    let folder = try TemporaryFolder(prefix: "fairlead-protoc")
    defer { folder.remove() }
    let set = folder.path(of: "set.bin")
    let log = folder.path(of: "errors.txt")
    for file in try WellKnownFile.all() {
      try folder.write(file.text, to: "include/\(file.path)")
    }
    let arguments = self.invocation.arguments(
      output: set, wellKnown: folder.path(of: "include"))
    let status = try await self.run(arguments: arguments, log: log)
    try Task.checkCancellation()
    guard status == 0 else {
      let text = try? InputFile.read(log, maximumSize: 1 << 20, role: "protoc's output")
      throw self.invocation.problem(output: String(decoding: text ?? [], as: UTF8.self))
    }
    return try DescriptorPool(
      descriptorSet: InputFile.read(
        set, maximumSize: DescriptorSetSource.maximumSize, role: "protoc's descriptor set"))
  }

  /// Runs protoc to its end.
  ///
  /// - Returns: Its exit status.
  private func run(arguments: [String], log: String) async throws -> Int32 {
    let executable = try self.executable()
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else {
      throw DescriptorProblem("Cannot write \(log): make room, or set TMPDIR to another folder.")
    }
    defer { try? output.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try Task.checkCancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
        do {
          try process.run()
          // In case that came before it ran.
          if Task.isCancelled { Self.end(process) }
        } catch {
          process.terminationHandler = nil
          continuation.resume(
            throwing: DescriptorProblem(
              "Cannot start \(executable); check that it can be executed."))
        }
      }
    } onCancel: {
      Self.end(process)
    }
  }

  private static func end(_ process: Process) {
    // It starts with the signals blocked that our thread has blocked: SIGTERM would do nothing.
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  private func executable() throws(DescriptorProblem) -> String {
    for folder in self.searchPath.split(separator: ":") {
      let path = "\(folder)/protoc"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw DescriptorProblem(
      "There is no protoc in PATH, which reads --proto files: install protobuf-compiler, or give a "
        + "descriptor set with --protoset.")
  }
}
