#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Starts programs, each as the leader of a process group of its own, so that what it starts can be
/// ended with it: a plugin is often a script around another program.
enum PluginSpawn {
  #if canImport(Darwin)
    private typealias Actions = posix_spawn_file_actions_t?
    private typealias Attributes = posix_spawnattr_t?
  #else
    private typealias Actions = posix_spawn_file_actions_t
    private typealias Attributes = posix_spawnattr_t
  #endif

  /// The process, `nil` if it cannot be started. It reads nothing, and its errors go nowhere.
  ///
  /// - Parameter output: a file descriptor that takes what it prints.
  static func start(
    _ path: String, _ arguments: [String], _ environment: [String: String], output: Int32
  ) -> Int32? {
    #if canImport(Darwin)
      var actions: Actions = nil
      var attributes: Attributes = nil
    #else
      var actions = Actions()
      var attributes = Attributes()
    #endif
    guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
    defer { posix_spawn_file_actions_destroy(&actions) }
    guard posix_spawnattr_init(&attributes) == 0 else { return nil }
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    configure(&attributes)
    let words = ([path] + arguments).map { strdup($0) }
    let variables = environment.map { strdup("\($0.key)=\($0.value)") }
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    // A file that was just written may be open for writing in a child that is about to run another
    // program: that is over in a moment.
    for _ in 0..<100 {
      let code = posix_spawn(
        &process, path, &actions, &attributes, words + [nil], variables + [nil])
      if code == 0 { return process }
      guard code == ETXTBSY else { return nil }
      usleep(2000)
    }
    return nil
  }

  /// A group of its own, and signals as they are by default, whatever we do with ours.
  private static func configure(_ attributes: inout Attributes) {
    var handled = sigset_t()
    sigemptyset(&handled)
    for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP] { sigaddset(&handled, signal) }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigdefault(&attributes, &handled)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
  }

  // MARK: Its end

  /// Waits until it has ended, and leaves it to be taken by ``take(_:)``: until then nobody else has
  /// its number.
  static func wait(for process: Int32) {
    var info = siginfo_t()
    while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  /// The code with which a process that has ended did so; `nil` if a signal ended it.
  static func take(_ process: Int32) -> Int32? {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    // The macros that take it apart are not there in Swift.
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }

  /// Ends a process and all that it started.
  static func kill(_ process: Int32) {
    #if canImport(Darwin)
      _ = Darwin.kill(-process, SIGKILL)
    #elseif canImport(Musl)
      _ = Musl.kill(-process, SIGKILL)
    #else
      _ = Glibc.kill(-process, SIGKILL)
    #endif
  }
}
