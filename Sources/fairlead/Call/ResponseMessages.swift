import FairleadCalls
import FairleadDescriptors

/// The reader of a call's responses, which learns of types as they come.
actor ResponseMessages {
  private var reader: MessageReader

  init(_ reader: MessageReader) {
    self.reader = reader
  }

  /// - Throws: ``CommandFailure`` for bytes that are no such message.
  func json(of bytes: [UInt8]) async throws -> JSONValue {
    // Messages come one after the other; nobody else uses it meanwhile.
    var reader = self.reader
    do {
      let value = try await reader.json(of: bytes)
      self.reader = reader
      return value
    } catch let problem as CodecProblem {
      throw CommandFailure(
        "The server's message does not fit its description: \(problem.clause.printable).")
    }
  }
}
