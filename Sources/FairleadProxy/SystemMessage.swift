import Foundation
import NIOCore
import NIOPosix

/// What the system said of a socket that failed, without the library's wrapping: `Connection refused`.
enum SystemMessage {
  static func text(of error: any Error) -> String {
    let cause = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
    return (cause as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(cause)"
  }
}
