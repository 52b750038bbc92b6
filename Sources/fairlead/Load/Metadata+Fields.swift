import FairleadDescriptors
import Foundation
import GRPCCore

extension Metadata {
  /// As they are on the wire: binary values in base64, without padding.
  var fields: [(name: String, value: String)] {
    self.map { pair in
      switch pair.value {
      case .string(let text): (pair.key, text)
      case .binary(let bytes):
        (pair.key, String(Data(bytes).base64EncodedString().prefix { $0 != "=" }))
      }
    }
  }
}
