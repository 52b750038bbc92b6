import Logging

extension Logger {
  /// What a command logs, on standard error: warnings, and with `verbose` everything that helps to find out
  /// why something happens.
  static func standardError(verbose: Bool) -> Logger {
    var logger = Logger(label: "fairlead") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = verbose ? .debug : .warning
    return logger
  }
}
