#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// User and system time of this process, in microseconds.
struct ResourceUsage {
  var user: Int
  var system: Int

  static var now: ResourceUsage {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return ResourceUsage(
      user: Int(usage.ru_utime.tv_sec) * 1_000_000 + Int(usage.ru_utime.tv_usec),
      system: Int(usage.ru_stime.tv_sec) * 1_000_000 + Int(usage.ru_stime.tv_usec))
  }

  static func - (end: ResourceUsage, begin: ResourceUsage) -> ResourceUsage {
    ResourceUsage(user: end.user - begin.user, system: end.system - begin.system)
  }
}
