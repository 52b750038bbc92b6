import NIOCore
import NIOHTTP2
import NIOPosix

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Makes words, for the middle of a sentence, of what goes wrong with a connection.
package enum ConnectionProblem {
  package static func words(of error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
        return "the name \"\(error.host)\" is not known"
      }
      return error.connectionErrors.first.map { words(of: $0.error) } ?? "no connection"
    case let error as IOError:
      return String(cString: strerror(error.errnoCode)).lowercased()
    case ChannelError.connectTimeout:
      return "it does not answer in time"
    case is NIOHTTP2Errors.UnableToParseFrame:
      return "it does not speak HTTP/2; check the port"
    case let error as any NIOHTTP2Error:
      return "it breaks the rules of HTTP/2 (\(type(of: error)))"
    case is CancellationError:
      return "the attempt was given up"
    default:
      return String(describing: error)
    }
  }

  /// Whether the server is there, and is not what was meant: to try again makes no sense.
  static func isLasting(_ error: any Error) -> Bool {
    error is SecurityError || error is NIOHTTP2Errors.UnableToParseFrame
  }
}
