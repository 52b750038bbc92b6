/// What is wrong with the arguments of a command, or with the data that they name, and was seen only when it ran: one sentence.
///
/// Thrown out of a command's `run()` it is printed after `Error: ` and the exit status is 2.
struct UsageFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
