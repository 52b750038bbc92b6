import Foundation
import SwiftProtobuf

extension ReflectionIndex {
  /// The index of the services in this module: greeter, health and reflection.
  ///
  /// - Throws: When the generated descriptions cannot be read, which a test rules out.
  package static func ownServices() throws -> ReflectionIndex {
    guard let bytes = Data(base64Encoded: serviceDescriptors) else {
      preconditionFailure("ServiceDescriptors.swift is damaged: run scripts/generate-protos.")
    }
    return try ReflectionIndex(Google_Protobuf_FileDescriptorSet(serializedBytes: bytes))
  }
}
