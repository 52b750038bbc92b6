extension FieldReader {
  /// Reports each of these fields that is there: its API has it, and Fairlead does not act on it.
  func notHonoured(_ keys: String...) {
    for key in keys where has(key) {
      reportNotHonoured(key)
    }
  }

  /// Reports a field unless it has a value by which it changes nothing, its default for example.
  func notHonoured(_ key: String, unless harmless: String) {
    guard let value = value(key) else { return }
    if case .string(harmless) = value.content { return }
    reportNotHonoured(key, note: "only \(quoted(harmless)) is")
  }

  /// Reports a field unless it is false.
  func notHonouredFlag(_ key: String) {
    if bool(key) == true { reportNotHonoured(key) }
  }

  /// Reports a list unless it has exactly this item, or none.
  func notHonoured(_ key: String, unlessOnly harmless: String) {
    let texts = strings(key).map(\.text)
    if !texts.isEmpty, texts != [harmless] {
      reportNotHonoured(key, note: "only `[\(harmless)]` is")
    }
  }

  /// - Parameter severity: `.info` where it hardly matters to a writer that the field is not.
  func reportNotHonoured(
    _ key: String, note: String? = nil, severity: Severity = .warning
  ) {
    let suffix = note.map { "; \($0)" } ?? ""
    report(severity, .notHonoured, "\(quoted(key)) is not honoured\(suffix)", at: key)
  }
}
