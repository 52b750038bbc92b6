import FairleadDescriptors
import Foundation
import SwiftProtobuf
import Testing

/// The types and the cases that protobuf's own implementation made; `Fixtures/generate` says how.
enum Fixtures {
  static func pool() throws -> DescriptorPool {
    try DescriptorPool(descriptorSet: try self.bytes("descriptors.bin"))
  }

  static func files() throws -> [Google_Protobuf_FileDescriptorProto] {
    try Google_Protobuf_FileDescriptorSet(serializedBytes: try self.bytes("descriptors.bin")).file
  }

  static func codec() throws -> MessageCodec {
    MessageCodec(try self.pool())
  }

  static func cases() throws -> [FixtureCase] {
    var reader = JSONReader(try self.bytes("messages.jsonl"))
    var cases: [FixtureCase] = []
    while let value = try reader.next() {
      cases.append(try FixtureCase(value))
    }
    return cases
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
    return [UInt8](try Data(contentsOf: url))
  }
}
