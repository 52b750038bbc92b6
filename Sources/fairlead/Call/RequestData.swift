import ArgumentParser
import FairleadDescriptors

/// Where the messages of a request come from, as `-d` says it.
enum RequestData: Sendable, Hashable {
  /// JSON values, one after the other; nothing at all without `-d`.
  case text(String)
  case standardInput
  case file(String)

  /// `@` is standard input, `@NAME` a file, anything else JSON.
  init(_ argument: String) {
    guard argument.hasPrefix("@") else {
      self = .text(argument)
      return
    }
    let name = argument.dropFirst()
    self = name.isEmpty ? .standardInput : .file(String(name))
  }

  /// As ``init(_:)``, and JSON has to be JSON.
  init(parsing argument: String) throws {
    self.init(argument)
    if case .text(let text) = self { try Self.validate(text) }
  }

  /// What there is to read from, unless it is text; and how a sentence names it.
  ///
  /// - Throws: ``CommandFailure`` for a file that cannot be opened.
  func open() throws -> (input: InputDescriptor?, name: String) {
    switch self {
    case .text: (nil, "-d")
    case .standardInput: (.standardInput, "standard input")
    case .file(let path): (try InputDescriptor(path: path), path.printable)
    }
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
