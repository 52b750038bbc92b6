// swift-tools-version: 6.2
import PackageDescription

/// The data plane is checked for overlapping accesses in debug builds and by its tests; in release builds the checks at run
/// time would cost a tenth of a call.
let dataPlaneSettings: [SwiftSetting] = [
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

let package = Package(
  name: "fairlead",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "fairlead", targets: ["fairlead"]),
    // For Swift clients.
    .library(name: "FairleadGRPC", targets: ["FairleadGRPC"]),
    .library(name: "FairleadBalancing", targets: ["FairleadBalancing"]),
    .library(name: "FairleadDiscovery", targets: ["FairleadDiscovery"]),
    .library(name: "FairleadEtcd", targets: ["FairleadEtcd"]),
    .library(name: "FairleadKubernetes", targets: ["FairleadKubernetes"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.40.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.0"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.0"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    // Pure: no I/O, no clock, no global randomness.
    .target(name: "FairleadBalancing"),
    .target(
      name: "FairleadRouting",
      dependencies: [
        "FairleadBalancing",
        .product(name: "HashTreeCollections", package: "swift-collections"),
      ]
    ),
    .target(
      name: "FairleadManifests",
      dependencies: [
        "FairleadBalancing", "FairleadRouting",
        .product(name: "HashTreeCollections", package: "swift-collections"),
        .product(name: "Yams", package: "Yams"),
      ]
    ),

    // Where configuration comes from.
    .target(
      name: "FairleadFiles",
      dependencies: [
        "FairleadManifests",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
    ),

    // Where endpoints come from.
    .systemLibrary(
      name: "CCAres",
      pkgConfig: "libcares",
      providers: [.apt(["libc-ares-dev"]), .brew(["c-ares"])]
    ),
    .target(
      name: "FairleadDiscovery",
      dependencies: ["FairleadBalancing", "CCAres", .product(name: "Yams", package: "Yams")]
    ),
    // The conformance suite, for the tests of every resolver.
    .target(
      name: "FairleadDiscoveryTesting", dependencies: ["FairleadBalancing", "FairleadDiscovery"]),

    .target(
      name: "FairleadKubernetes",
      dependencies: [
        "FairleadBalancing", "FairleadManifests", "FairleadDiscovery",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Yams", package: "Yams"),
      ]
    ),
    .target(
      name: "FairleadEtcd",
      dependencies: [
        "FairleadDiscovery",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),

    // Objects and endpoints become one configuration after another.
    .target(
      name: "FairleadConfiguration",
      dependencies: [
        "FairleadBalancing", "FairleadRouting", "FairleadManifests", "FairleadDiscovery",
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
    ),

    // The data plane.
    .systemLibrary(
      name: "CNGHTTP2",
      pkgConfig: "libnghttp2",
      providers: [.apt(["libnghttp2-dev"]), .brew(["libnghttp2"])]
    ),
    .target(
      name: "FairleadHTTP2",
      dependencies: ["CNGHTTP2", .product(name: "NIOCore", package: "swift-nio")],
      swiftSettings: dataPlaneSettings
    ),
    .target(name: "FairleadTelemetry"),

    // What all connections that we open have in common.
    .target(
      name: "FairleadSockets",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]
    ),
    .target(
      name: "FairleadProxy",
      dependencies: [
        "FairleadBalancing", "FairleadHTTP2", "FairleadRouting", "FairleadSockets",
        "FairleadTelemetry",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: dataPlaneSettings
    ),
    .target(
      name: "FairleadAdmin",
      dependencies: [
        "FairleadBalancing", "FairleadTelemetry", "FairleadRouting",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
    ),

    // grpc.health.v1, as clients watch it and as our servers speak it.
    .target(
      name: "FairleadHealthProtocol",
      dependencies: [
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),

    // grpc.reflection.v1, as clients ask it and as our servers answer it.
    .target(
      name: "FairleadReflectionProtocol",
      dependencies: [
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),

    // The client library for grpc-swift-2.
    .target(
      name: "FairleadGRPC",
      dependencies: [
        "FairleadBalancing", "FairleadDiscovery", "FairleadHealthProtocol", "FairleadSockets",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),

    // Messages that are known by their descriptors alone: JSON to wire and back. Pure.
    .target(
      name: "FairleadDescriptors",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")]
    ),

    // A run of load against a server: plan, engine, measurements, report.
    .target(
      name: "FairleadLoad",
      dependencies: [
        "FairleadBalancing", "FairleadCalls", "FairleadDescriptors", "FairleadGRPC",
        "FairleadHTTP2",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: dataPlaneSettings
    ),

    // What the command and the tests serve and call.
    .target(
      name: "FairleadServices",
      dependencies: [
        "FairleadHealthProtocol", "FairleadReflectionProtocol",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),
    // What `call`, `probe` and `load` share: where services are described, and calls of any method.
    .target(
      name: "FairleadCalls",
      dependencies: [
        "FairleadDescriptors", "FairleadGRPC", "FairleadReflectionProtocol",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),
    // The example, built here for the acceptance suites, too; it has a package of its own.
    .executableTarget(
      name: "greeter-client",
      dependencies: [
        "FairleadDiscovery", "FairleadEtcd", "FairleadGRPC", "FairleadKubernetes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      path: "Examples/greeter-client/Sources/GreeterClient"
    ),
    .systemLibrary(name: "CMalloc"),
    .executableTarget(
      name: "fairlead",
      dependencies: [
        "CMalloc",
        "FairleadBalancing", "FairleadRouting", "FairleadManifests", "FairleadTelemetry",
        "FairleadFiles", "FairleadDiscovery", "FairleadKubernetes", "FairleadEtcd",
        "FairleadConfiguration",
        "FairleadProxy", "FairleadAdmin", "FairleadServices", "FairleadHealthProtocol",
        "FairleadGRPC", "FairleadDescriptors", "FairleadCalls", "FairleadLoad",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]
    ),

    // What `make bench-client` measures the client library with.
    .executableTarget(
      name: "client-bench",
      dependencies: [
        "FairleadGRPC", "FairleadServices",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
      ]
    ),

    // What the tests of several modules need.
    .target(
      name: "FairleadTestSupport",
      dependencies: [.product(name: "Logging", package: "swift-log")],
      path: "Tests/FairleadTestSupport"
    ),

    // Each mirrors the folder that it tests.
    .testTarget(name: "FairleadBalancingTests", dependencies: ["FairleadBalancing"]),
    .testTarget(
      name: "FairleadRoutingTests",
      dependencies: ["FairleadBalancing", "FairleadRouting"]
    ),
    .testTarget(
      name: "FairleadManifestsTests",
      dependencies: [
        "FairleadBalancing", "FairleadRouting", "FairleadManifests", "FairleadTestSupport",
      ]
    ),
    .testTarget(
      name: "FairleadFilesTests",
      dependencies: ["FairleadRouting", "FairleadManifests", "FairleadFiles"]
    ),
    .testTarget(
      name: "FairleadDiscoveryTests",
      dependencies: [
        "FairleadBalancing", "FairleadDiscovery", "FairleadDiscoveryTesting", "FairleadTestSupport",
      ]
    ),
    .testTarget(
      name: "FairleadKubernetesTests",
      dependencies: [
        "FairleadBalancing", "FairleadManifests", "FairleadDiscovery", "FairleadDiscoveryTesting",
        "FairleadKubernetes", "FairleadTestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      resources: [.copy("Fixtures")]
    ),
    .testTarget(
      name: "FairleadEtcdTests",
      dependencies: [
        "FairleadBalancing", "FairleadDiscovery", "FairleadDiscoveryTesting", "FairleadEtcd",
        "FairleadTestSupport",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
    ),
    .testTarget(
      name: "FairleadConfigurationTests",
      dependencies: [
        "FairleadBalancing", "FairleadManifests", "FairleadDiscovery", "FairleadConfiguration",
      ]
    ),
    .testTarget(
      name: "FairleadHTTP2Tests", dependencies: ["FairleadHTTP2", "FairleadTestSupport"]),
    .testTarget(name: "FairleadTelemetryTests", dependencies: ["FairleadTelemetry"]),
    .testTarget(
      name: "FairleadProxyTests",
      dependencies: [
        "FairleadBalancing", "FairleadRouting", "FairleadHTTP2", "FairleadTelemetry",
        "FairleadProxy", "FairleadTestSupport",
      ]
    ),
    .testTarget(
      name: "FairleadAdminTests",
      dependencies: ["FairleadBalancing", "FairleadRouting", "FairleadTelemetry", "FairleadAdmin"]
    ),
    .testTarget(
      name: "FairleadGRPCTests",
      dependencies: [
        "CMalloc", "FairleadBalancing", "FairleadDiscovery", "FairleadGRPC",
        "FairleadHealthProtocol", "FairleadServices", "FairleadTestSupport",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),
    .testTarget(
      name: "FairleadDescriptorsTests",
      dependencies: [
        "FairleadDescriptors",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      resources: [.copy("Fixtures")]
    ),
    .testTarget(
      name: "FairleadLoadTests",
      dependencies: [
        "FairleadBalancing", "FairleadDescriptors", "FairleadGRPC", "FairleadHTTP2", "FairleadLoad",
        "FairleadServices",
        "FairleadTestSupport",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),
    .testTarget(
      name: "FairleadCallsTests",
      dependencies: [
        "FairleadCalls", "FairleadDescriptors",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]
    ),
    .testTarget(
      name: "FairleadServicesTests",
      dependencies: [
        "FairleadHealthProtocol", "FairleadReflectionProtocol", "FairleadServices",
        "FairleadTestSupport",
        .product(name: "GRPCInProcessTransport", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
      ]
    ),
    .testTarget(
      name: "fairleadTests",
      dependencies: [
        "FairleadBalancing", "FairleadRouting", "FairleadManifests", "FairleadFiles",
        "FairleadAdmin", "FairleadDiscovery", "FairleadGRPC", "FairleadDescriptors",
        "FairleadCalls", "FairleadLoad", "fairlead",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
      ]
    ),
  ],
  swiftLanguageModes: [.v6]
)

// `make check` and `make test` set this: warnings of our own targets are errors, those of dependencies stay warnings.
if Context.environment["FAIRLEAD_STRICT"] != nil {
  for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}
