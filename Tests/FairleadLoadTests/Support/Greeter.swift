import FairleadDescriptors
import SwiftProtobuf

/// `helloworld.Greeter` as descriptors say it.
enum Greeter {
  static func pool() throws -> DescriptorPool {
    let file = Google_Protobuf_FileDescriptorProto.with { file in
      file.name = "helloworld.proto"
      file.package = "helloworld"
      file.syntax = "proto3"
      file.messageType = [message("HelloRequest", "name"), message("HelloReply", "message")]
      file.service = [
        .with { service in
          service.name = "Greeter"
          service.method = [
            method("SayHello"), method("SayHelloStreamReply", servers: true),
            method("SayHelloStreamRequest", clients: true),
          ]
        }
      ]
    }
    return try DescriptorPool([file])
  }

  private static func message(
    _ name: String, _ field: String
  ) -> Google_Protobuf_DescriptorProto {
    .with { message in
      message.name = name
      message.field = [
        .with {
          $0.name = field
          $0.number = 1
          $0.label = .optional
          $0.type = .string
          $0.jsonName = field
        }
      ]
    }
  }

  private static func method(
    _ name: String, clients: Bool = false, servers: Bool = false
  ) -> Google_Protobuf_MethodDescriptorProto {
    .with {
      $0.name = name
      $0.inputType = ".helloworld.HelloRequest"
      $0.outputType = ".helloworld.HelloReply"
      $0.clientStreaming = clients
      $0.serverStreaming = servers
    }
  }
}
