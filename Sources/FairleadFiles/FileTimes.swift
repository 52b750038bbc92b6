/// How often files are looked at, and how long one that is being written is waited for.
package struct FileTimes: Sendable {
  /// Between two looks.
  package var interval = Duration.milliseconds(200)
  /// Between two looks while a change is waiting to be read. A writer that pauses for longer than
  /// this in the middle of a file is taken for one that is done.
  package var intervalWhileChanging = Duration.milliseconds(50)
  /// After this time, files are read although they keep changing: one that is written all the time
  /// is not ignored for ever.
  package var longestWait = Duration.seconds(1)
  /// How long a file that became empty, or left a folder, is taken for one that is being written.
  package var patience = Duration.milliseconds(600)

  package init() {}
}
