/// Why a command could not do its work: one sentence that says what is wrong, where, and what to do.
///
/// Thrown out of a command's `run()` it is printed after `Error: ` and the exit status is 1.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
