import FairleadBalancing
import GRPCCore

// GRPCCore can decode these, too, but does not say where an error is, takes a retry policy beside a
// hedging policy, and stops the process at a duration such as "nans".

extension MethodConfig {
  init(_ fields: ConfigFields) throws(ServiceConfigError) {
    let names = try fields.list("name") ?? []
    guard !names.isEmpty else {
      throw ServiceConfigError(
        path: fields.path(of: "name"),
        message: "There is no name, so that it is for no call; name a service, or {} for all.")
    }
    self.init(names: [])
    for (index, name) in names.enumerated() {
      self.names.append(
        try Name(ConfigFields(name, path: "\(fields.path(of: "name"))[\(index)]")))
    }
    waitForReady = try fields.bool("waitForReady")
    timeout = try fields.duration("timeout")
    maxRequestMessageBytes = try fields.integer("maxRequestMessageBytes")
    maxResponseMessageBytes = try fields.integer("maxResponseMessageBytes")
    let retry = try fields.object("retryPolicy")
    let hedging = try fields.object("hedgingPolicy")
    switch (retry, hedging) {
    case (.some, .some):
      throw ServiceConfigError(
        path: fields.path, message: "There are a retryPolicy and a hedgingPolicy; keep one of them."
      )
    case (let retry?, nil):
      executionPolicy = .retry(try RetryPolicy(retry))
    case (nil, let hedging?):
      executionPolicy = .hedge(try HedgingPolicy(hedging))
    case (nil, nil):
      break
    }
  }
}

extension MethodConfig.Name {
  fileprivate init(_ fields: ConfigFields) throws(ServiceConfigError) {
    let service = try fields.string("service") ?? ""
    let method = try fields.string("method") ?? ""
    guard !service.isEmpty || method.isEmpty else {
      throw ServiceConfigError(
        path: fields.path, message: "There is a method without its service; name the service, too.")
    }
    self.init(service: service, method: method)
  }
}

extension RetryPolicy {
  /// gRFC A6: more than five attempts count as five.
  fileprivate init(_ fields: ConfigFields) throws(ServiceConfigError) {
    let multiplier = try fields.required(
      "backoffMultiplier",
      try fields.number("backoffMultiplier", in: 0...Double.greatestFiniteMagnitude))
    guard multiplier > 0 else {
      throw ServiceConfigError(
        path: fields.path(of: "backoffMultiplier"), message: "Expected a number above 0, found 0.")
    }
    let codes = try fields.codes("retryableStatusCodes")
    guard !codes.isEmpty else {
      throw ServiceConfigError(
        path: fields.path(of: "retryableStatusCodes"),
        message: "There is no status code; name one, UNAVAILABLE for example.")
    }
    self.init(
      maxAttempts: try fields.attempts(),
      initialBackoff: try fields.backoff("initialBackoff"),
      maxBackoff: try fields.backoff("maxBackoff"),
      backoffMultiplier: multiplier,
      retryableStatusCodes: codes)
  }
}

extension HedgingPolicy {
  /// gRFC A6: more than five attempts count as five; without a delay all are sent at once.
  fileprivate init(_ fields: ConfigFields) throws(ServiceConfigError) {
    self.init(
      maxAttempts: try fields.attempts(),
      hedgingDelay: try fields.duration("hedgingDelay") ?? .zero,
      nonFatalStatusCodes: try fields.codes("nonFatalStatusCodes"))
  }
}

extension ConfigFields {
  fileprivate func attempts() throws(ServiceConfigError) -> Int {
    try required("maxAttempts", try integer("maxAttempts", in: 2...Int(UInt32.max)))
  }

  fileprivate func backoff(_ name: String) throws(ServiceConfigError) -> Duration {
    let duration = try required(name, try duration(name))
    guard duration > .zero else {
      throw ServiceConfigError(
        path: path(of: name), message: "Expected a duration above 0, found 0.")
    }
    return duration
  }

  fileprivate func codes(_ name: String) throws(ServiceConfigError) -> Set<Status.Code> {
    var codes: Set<Status.Code> = []
    for (index, value) in (try list(name) ?? []).enumerated() {
      guard let code = Status.Code(value) else {
        throw ServiceConfigError(
          path: "\(path(of: name))[\(index)]",
          message: "Expected a status code such as \"UNAVAILABLE\" or 14, found \(value.kind).")
      }
      codes.insert(code)
    }
    return codes
  }
}

extension Status.Code {
  /// By name, in any case, or by number (gRFC A6).
  fileprivate init?(_ value: JSONValue) {
    switch value {
    case .string(let name):
      guard let number = Self.names.firstIndex(of: name.uppercased()) else { return nil }
      self.init(rawValue: number)
    case .number(let number):
      guard let code = Int(exactly: number) else { return nil }
      self.init(rawValue: code)
    case .null, .bool, .array, .object:
      return nil
    }
  }

  /// Of `google.rpc.Code`, by number.
  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
    "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]
}
