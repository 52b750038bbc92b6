import CCAres

/// What c-ares said to one question.
struct CAresAnswer: Sendable {
  /// One of ``CAresStatus``.
  var status: Int32
  /// The message of the server, empty if there is none.
  var bytes: [UInt8] = []

  init(status: Int32) {
    self.status = status
  }

  init(_ question: fairlead_question_ref) {
    status = question.pointee.status
    if let start = question.pointee.bytes {
      bytes = (0..<Int(question.pointee.length)).map { start[$0] }
    }
  }
}

/// c-ares' numbers, as numbers.
enum CAresStatus {
  static let success = fairlead_success
  static let noData = fairlead_no_data
  static let notFound = fairlead_not_found
  static let noMemory = fairlead_no_memory
  static let notInitialized = fairlead_not_initialized
}
