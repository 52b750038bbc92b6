import Foundation
import NIOCore

/// Why pages could not be served.
package struct PageServerError: Error, Hashable, CustomStringConvertible {
  /// Where it was to listen, `HOST:PORT`.
  package let address: String
  /// In a few words.
  package let reason: String

  package init(address: String, reason: String) {
    self.address = address
    self.reason = reason
  }

  init(address: String, cause: any Error) {
    self.init(address: address, reason: Self.reason(of: cause))
  }

  package var description: String {
    "The pages cannot be served on \(address): \(reason); choose another address."
  }

  private static func reason(of cause: any Error) -> String {
    guard let error = cause as? IOError else {
      return String(describing: cause)
    }
    switch error.errnoCode {
    case EADDRINUSE: return "the address is in use"
    case EADDRNOTAVAIL: return "this machine has no such address"
    case EACCES: return "this user may not use that port"
    default: return String(cString: strerror(error.errnoCode))
    }
  }
}
