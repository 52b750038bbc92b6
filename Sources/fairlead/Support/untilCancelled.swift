/// Waits until the task is cancelled.
func untilCancelled() async {
  // Nothing is ever sent and nobody ends this stream, but it ends for a reader that is cancelled.
  let nothing = AsyncStream<Never> { _ in }
  for await _ in nothing {}
}
