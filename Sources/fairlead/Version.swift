/// The program's version, for `--version` and the metrics.
enum Version {
  static let current = "0.1.0"
}
