import FairleadCalls
import FairleadDescriptors
import FairleadGRPC
import GRPCCore

/// What the options of `fairlead call` say.
struct CallSettings: Sendable {
  /// For what a server says of itself, where no other time is given.
  static let reflectionTimeout = Duration.seconds(30)

  /// Bytes that a server may send before they are shown. A message of a few bytes takes some kilobytes until then, so a stream
  /// that nobody reads holds some hundred times as much.
  static let windowSize = 256 << 10

  var security: ClientSecurity
  var transport: BalancedTransport.Configuration
  /// Files that say what services there are; nil to ask the server.
  var files: (any DescriptorSource)?
  var metadata: Metadata
  var reflectionMetadata: Metadata
  var data: RequestData
  /// For everything together.
  var maxTime: Duration?
  /// Bytes of one response.
  var maximumMessageSize: Int
  var jsonOptions: JSONOptions
  var isJSON: Bool
  var printsTemplate: Bool
  var reporter: any CallReporter
  var output: CallOutput
}

extension CallIntent {
  var isCall: Bool {
    switch self.action {
    case .call: true
    case .list, .describe: false
    }
  }
}
