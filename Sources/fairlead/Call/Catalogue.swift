import FairleadCalls
import FairleadDescriptors

/// What services there are, as `list` and `describe` show it.
struct Catalogue: Sendable {
  let source: any DescriptorSource
  let isJSON: Bool

  /// The names of all services, or of the methods of one.
  ///
  /// - Returns: Whether all is shown.
  func list(_ service: String?, _ output: CallOutput) async throws -> Bool {
    let names: [String]
    if let service {
      let pool = try await self.source.pool(for: service)
      names = try pool.service(named: service).methods.map(\.fullName)
    } else {
      names = try await self.source.services()
    }
    if self.isJSON {
      output.line(JSONValue.array(names.map { .string($0) }).text(indentation: 2))
    } else {
      for name in names { output.line(name.printable) }
    }
    return true
  }

  /// A symbol, or all services, as text of a .proto file.
  ///
  /// - Parameter withTemplate: Shows an example of a message in JSON, too.
  /// - Returns: Whether all is shown; a service that cannot be described is told on standard error.
  func describe(
    _ symbol: String?, withTemplate: Bool, _ output: CallOutput
  ) async throws -> Bool {
    var shown: [Description] = []
    var isWhole = true
    if let symbol {
      let name = symbol.replacing("/", with: ".")
      let pool = try await self.source.pool(for: name)
      shown = [try Description(name, pool, withTemplate: withTemplate)]
    } else {
      for service in try await self.source.services() {
        do {
          let pool = try await self.source.pool(for: service)
          shown.append(try Description(service, pool, withTemplate: false))
        } catch let problem as DescriptorProblem {
          isWhole = false
          output.error(problem.description.printable)
        }
      }
    }
    if self.isJSON {
      let values = shown.map(\.json)
      let value = symbol == nil ? JSONValue.array(values) : values.first ?? .null
      output.line(value.text(indentation: 2))
    } else {
      for description in shown { output.line(description.text) }
    }
    return isWhole
  }
}
