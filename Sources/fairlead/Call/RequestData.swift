import ArgumentParser
import FairleadDescriptors

/// Where the messages of a request come from, as `-d` says it.
enum RequestData: Sendable, Hashable {
  /// JSON values, one after the other; nothing at all without `-d`.
  case text(String)
  case standardInput
  case file(String)

  /// `@` is standard input, `@NAME` a file, anything else JSON.
  init(parsing text: String) throws {
    guard text.hasPrefix("@") else {
      self = .text(text)
      try Self.validate(text)
      return
    }
    let name = text.dropFirst()
    self = name.isEmpty ? .standardInput : .file(String(name))
  }

  private static func validate(_ text: String) throws {
    var reader = JSONReader(Array(text.utf8))
    do {
      while try reader.next() != nil {}
    } catch {
      throw ValidationError(error.description)
    }
  }
}
