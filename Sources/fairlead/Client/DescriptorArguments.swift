import ArgumentParser
import FairleadCalls
import FairleadDescriptors
import FairleadGRPC
import Foundation
import GRPCCore

/// Where `call` and `load` learn of services: files, or the server itself by reflection.
struct DescriptorArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Learn of services from this .proto file, which protoc reads. Can be repeated.",
      valueName: "file"))
  var proto: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where .proto files and their imports are; without it, here. Can be repeated.",
      valueName: "dir"))
  var importPath: [String] = []

  @Option(
    help: ArgumentHelp(
      "Learn of services from this descriptor set, as of protoc --descriptor_set_out. Can be repeated.",
      valueName: "file"))
  var protoset: [String] = []

  /// Whether files say it, and no server has to be asked.
  var areGiven: Bool { !self.proto.isEmpty || !self.protoset.isEmpty }

  /// Refuses what contradicts itself.
  func validate() throws {
    if !self.proto.isEmpty, !self.protoset.isEmpty {
      throw ValidationError(
        "--proto and --protoset say the same in two ways; leave one of them out.")
    }
    if !self.importPath.isEmpty, self.proto.isEmpty {
      throw ValidationError("--import-path says where --proto files are; name one with --proto.")
    }
  }

  /// What the files say; nil without any.
  func files(environment: [String: String]) -> (any DescriptorSource)? {
    if !self.protoset.isEmpty { return DescriptorSetSource(paths: self.protoset) }
    guard !self.proto.isEmpty else { return nil }
    return ProtocSource(
      files: self.proto, importPaths: self.importPath, searchPath: environment["PATH"] ?? "")
  }

  /// What the files say, or else the server.
  ///
  /// - Parameters:
  ///   - client: Runs as long as the source is used.
  ///   - metadata: Is sent with the questions.
  ///   - time: For all questions.
  func source(
    environment: [String: String], client: GRPCClient<BalancedTransport>, server: String,
    metadata: Metadata, time: ReflectionTime
  ) -> any DescriptorSource {
    self.files(environment: environment)
      ?? ReflectionSource(client: client, server: server, metadata: metadata, time: time)
  }
}
