/// Where a command's lines go; tests give a list.
struct CallOutput: Sendable {
  let line: @Sendable (String) -> Void
  let error: @Sendable (String) -> Void

  static let console = CallOutput(line: { Console.line($0) }, error: { Console.error($0) })
}
