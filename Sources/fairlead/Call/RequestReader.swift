import FairleadDescriptors

/// Reads the messages of a request, one JSON value after the other, each as soon as it is there.
struct RequestReader {
  /// Bytes of the text of one value.
  static let maximumSize = 256 << 20

  private var stream = JSONStream()
  private let input: InputDescriptor?
  private let name: String
  private var isAtEnd = false

  /// - Throws: ``CommandFailure`` for a file that cannot be opened.
  init(_ data: RequestData) throws {
    if case .text(let text) = data { self.stream.append(text.utf8) }
    (self.input, self.name) = try data.open()
  }

  /// - Returns: Nil at the end.
  /// - Throws: `JSONProblem` with line and column; `CancellationError` if the task is cancelled.
  mutating func next() async throws -> JSONValue? {
    while !self.isAtEnd {
      if let value = try self.stream.next() { return value }
      guard let input = self.input, let bytes = try await input.read() else {
        self.isAtEnd = true
        break
      }
      self.stream.append(bytes)
      guard self.stream.pending <= Self.maximumSize else {
        throw CommandFailure(
          "A message in \(self.name) is longer than \(Self.maximumSize >> 20) MiB.")
      }
    }
    return try self.stream.finish()
  }
}
