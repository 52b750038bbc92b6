#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What the file system says of a file without it being read. Two that differ mean that the file
/// was written, replaced or moved; the time of the last status change is in it, which no program
/// can set back.
struct FileFingerprint: Sendable, Hashable {
  var device: UInt64
  var inode: UInt64
  var size: Int64
  var modified: Timestamp
  var changed: Timestamp
  var isDirectory: Bool
  var isRegular: Bool

  struct Timestamp: Sendable, Hashable {
    var seconds: Int
    var nanoseconds: Int
  }

  /// Follows symbolic links; `nil` if there is nothing, with `errno` saying why.
  init?(path: String) {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: info.st_dev)
    inode = UInt64(truncatingIfNeeded: info.st_ino)
    size = Int64(info.st_size)
    #if canImport(Darwin)
      let (modified, changed) = (info.st_mtimespec, info.st_ctimespec)
    #else
      let (modified, changed) = (info.st_mtim, info.st_ctim)
    #endif
    self.modified = Timestamp(seconds: modified.tv_sec, nanoseconds: modified.tv_nsec)
    self.changed = Timestamp(seconds: changed.tv_sec, nanoseconds: changed.tv_nsec)
    let kind = info.st_mode & S_IFMT
    isDirectory = kind == S_IFDIR
    isRegular = kind == S_IFREG
  }
}
