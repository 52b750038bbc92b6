import Foundation

/// Ends this process, at once, when standard input does.
///
/// For a child whose parent holds the other end of a pipe: however the parent ends, killed or
/// crashed, the system closes its end, and no child is left behind.
func exitWhenStandardInputEnds() {
  let watcher = Thread {
    var byte: UInt8 = 0
    while true {
      let count = read(0, &byte, 1)
      if count == 0 || (count < 0 && errno != EINTR) {
        _exit(0)
      }
    }
  }
  watcher.name = "stdin-watch"
  watcher.start()
}
