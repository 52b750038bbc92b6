import FairleadDescriptors
import Foundation
import Synchronization

/// What descriptor sets say: files as `protoc --descriptor_set_out --include_imports` writes them.
package final class DescriptorSetSource: DescriptorSource {
  /// Far above what any has.
  package static let maximumSize = 256 << 20

  private let paths: [String]
  private let known = Mutex<DescriptorPool?>(nil)

  /// - Parameter paths: The files, read when they are first needed.
  package init(paths: [String]) {
    self.paths = paths
  }

  package func services() async throws -> [String] {
    try self.pool().services.map(\.fullName)
  }

  package func pool(for symbol: String) async throws -> DescriptorPool {
    try self.pool()
  }

  package func pool(adding symbol: String) async -> DescriptorPool? { try? self.pool() }

  private func pool() throws(DescriptorProblem) -> DescriptorPool {
    if let pool = self.known.withLock({ $0 }) { return pool }
    let pool = try Self.read(self.paths)
    self.known.withLock { $0 = pool }
    return pool
  }

  private static func read(_ paths: [String]) throws(DescriptorProblem) -> DescriptorPool {
    var bytes: [UInt8] = []
    for path in paths {
      // Sets one after the other are one set, as their list of files goes on.
      let set = try InputFile.read(path, maximumSize: Self.maximumSize, role: "The descriptor set")
      do {
        _ = try DescriptorPool.files(descriptorSet: set)
      } catch {
        throw DescriptorProblem(
          "The file \(path) is no descriptor set; make one with "
            + "protoc --include_imports --descriptor_set_out.")
      }
      bytes += set
    }
    return try DescriptorPool(descriptorSet: bytes)
  }
}
