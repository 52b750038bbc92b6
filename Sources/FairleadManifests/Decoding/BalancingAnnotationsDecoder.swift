import FairleadRouting

extension BalancingAnnotations {
  static let balanceName = "fairlead.dev/balance"
  static let schedulerName = "fairlead.dev/scheduler"
  static let targetName = "fairlead.dev/target"
  static let retryName = "fairlead.dev/retry-on"
  static let names = [balanceName, schedulerName, targetName, retryName]

  /// Reads the annotations of an object; a value that is not allowed is an error.
  static func decode(_ object: FieldReader, metadata: ObjectMetadata) -> BalancingAnnotations {
    var result = BalancingAnnotations.none
    let reader = object.object("metadata")
    if let value = metadata.annotations[balanceName] {
      switch value {
      case "connection": result.balancesConnections = true
      case "rpc": result.balancesConnections = false
      default:
        reader?.reportAnnotation(
          .error, .invalidValue,
          "\(quoted(balanceName)) is \(quoted(value)); it must be `rpc` or `connection`",
          name: balanceName)
      }
    }
    if let value = metadata.annotations[schedulerName] {
      if let scheduler = ConnectionScheduler(rawValue: value) {
        result.scheduler = scheduler
      } else {
        let all = ConnectionScheduler.allCases.map { quoted($0.rawValue) }
        reader?.reportAnnotation(
          .error, .invalidValue,
          "\(quoted(schedulerName)) is \(quoted(value)); it must be one of "
            + all.joined(separator: ", "), name: schedulerName)
      }
    }
    if let value = metadata.annotations[targetName] {
      if let problem = TargetSyntax.problem(in: value) {
        let shown = TargetSyntax.holdsCredentials(value) ? "no target" : quoted(value)
        reader?.reportAnnotation(
          .error, .invalidValue, "\(quoted(targetName)) is \(shown): \(problem)",
          name: targetName)
      } else {
        result.target = value
      }
    }
    switch metadata.annotations[retryName] {
    case nil: break
    case "reset": result.retriesLostCalls = true
    case let value?:
      reader?.reportAnnotation(
        .error, .invalidValue, "\(quoted(retryName)) is \(quoted(value)); it must be `reset`",
        name: retryName)
    }
    return result
  }
}
