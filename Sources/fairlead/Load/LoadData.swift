/// The whole text of `-d`: a template, which need not be JSON before it is filled in.
enum LoadData {
  private static let maximumSize = 64 << 20

  /// Waits for a pipe or a terminal until its end.
  ///
  /// - Throws: ``CommandFailure`` for what cannot be read; `CancellationError` if the task is cancelled.
  static func text(_ data: RequestData) async throws -> String {
    if case .text(let text) = data { return text }
    let (input, name) = try data.open()
    var bytes: [UInt8] = []
    while let piece = try await input?.read() {
      bytes += piece
      guard bytes.count <= maximumSize else {
        throw CommandFailure("The data in \(name) are more than \(maximumSize >> 20) MiB.")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("The data in \(name) are not UTF-8.")
    }
    return text
  }
}
