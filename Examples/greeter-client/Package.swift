// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "greeter-client",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "greeter-client", targets: ["GreeterClient"])],
  dependencies: [
    // In a package of your own: the URL and version of Fairlead.
    .package(name: "fairlead", path: "../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.0"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.0"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.0"),
  ],
  targets: [
    .executableTarget(
      name: "GreeterClient",
      dependencies: [
        .product(name: "FairleadGRPC", package: "fairlead"),
        // Only for targets in etcd, or in Kubernetes:
        .product(name: "FairleadDiscovery", package: "fairlead"),
        .product(name: "FairleadEtcd", package: "fairlead"),
        .product(name: "FairleadKubernetes", package: "fairlead"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    )
  ],
  swiftLanguageModes: [.v6]
)
