#if canImport(Darwin)
  import Darwin
  private let stream = SOCK_STREAM
#else
  import Glibc
  private let stream = Int32(SOCK_STREAM.rawValue)
#endif

/// A TCP port of 127.0.0.1 that nobody else is given, and that refuses connections until a server of
/// the test listens on it.
///
/// It is held by a socket that is bound and does not listen; a server that sets SO_REUSEADDR may
/// still bind to it, again and again.
package final class ReservedPort: Sendable {
  package struct Failure: Error {
    package var message: String
  }

  package let number: Int
  private let descriptor: Int32

  package init() throws {
    let descriptor = socket(AF_INET, stream, 0)
    var yes: Int32 = 1
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let results = [
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size)),
      withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          bind(descriptor, pointer, length) | getsockname(descriptor, pointer, &length)
        }
      },
    ]
    guard descriptor >= 0, results == [0, 0] else {
      throw Failure(message: "No port could be reserved: \(errno).")
    }
    self.descriptor = descriptor
    self.number = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit {
    close(self.descriptor)
  }
}
