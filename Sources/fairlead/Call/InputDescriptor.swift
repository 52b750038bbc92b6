import FairleadDescriptors
import Foundation
import NIOPosix

/// A file, a pipe or a terminal that is read without holding up other tasks.
final class InputDescriptor: Sendable {
  static let standardInput = InputDescriptor(descriptor: 0)

  /// How long it takes at most to notice that the reading task is cancelled, in milliseconds: nothing
  /// else ends a wait for a terminal.
  private static let patience: Int32 = 100
  private static let pieceSize = 64 << 10

  private let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// - Throws: ``CommandFailure`` with the system's reason.
  init(path: String) throws {
    // A named pipe that nobody writes to would hold up the thread; it is waited for in `read`.
    self.descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard self.descriptor >= 0 else {
      let reason = Self.reason()
      throw CommandFailure("Cannot read \(path.printable): \(reason).")
    }
  }

  deinit {
    if self.descriptor > 2 { close(self.descriptor) }
  }

  /// What is there; it waits until there is something.
  ///
  /// - Returns: Nil at the end.
  func read() async throws -> [UInt8]? {
    while true {
      try Task.checkCancellation()
      let bytes = try await NIOThreadPool.singleton.runIfActive {
        try Self.readPiece(self.descriptor)
      }
      if let bytes { return bytes.isEmpty ? nil : bytes }
    }
  }

  /// - Returns: Nothing at the end; nil if nothing came in time.
  private static func readPiece(_ descriptor: Int32) throws -> [UInt8]? {
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&event, 1, self.patience)
    if ready == 0 || (ready < 0 && errno == EINTR) { return nil }
    var bytes = [UInt8](repeating: 0, count: self.pieceSize)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    if count < 0 {
      if errno == EINTR || errno == EAGAIN { return nil }
      throw CommandFailure("Cannot read the data of the request: \(self.reason()).")
    }
    return Array(bytes.prefix(count))
  }

  private static func reason() -> String {
    String(cString: strerror(errno)).lowercased()
  }
}
