import GRPCCore
import Testing

@testable import FairleadGRPC

@Suite("The table of method configs")
struct MethodConfigTableTests {
  private func config(_ seconds: Int, _ names: MethodConfig.Name...) -> MethodConfig {
    MethodConfig(names: names, timeout: .seconds(seconds))
  }

  private func timeout(_ table: MethodConfigTable, _ service: String, _ method: String) -> Duration?
  {
    table[MethodDescriptor(fullyQualifiedService: service, method: method)]?.timeout
  }

  @Test("gives a method its own, else its service's, else the one for all")
  func order() throws {
    let table = try MethodConfigTable([
      config(1, MethodConfig.Name(service: "")),
      config(2, MethodConfig.Name(service: "a.B")),
      config(3, MethodConfig.Name(service: "a.B", method: "C")),
      config(4, MethodConfig.Name(service: "a.D", method: "C")),
    ])
    #expect(timeout(table, "a.B", "C") == .seconds(3))
    #expect(timeout(table, "a.B", "E") == .seconds(2))
    #expect(timeout(table, "a.D", "C") == .seconds(4))
    #expect(timeout(table, "a.D", "E") == .seconds(1))
    #expect(timeout(table, "x.Y", "C") == .seconds(1))
  }

  @Test("has nothing for what nobody named")
  func nothing() throws {
    let table = try MethodConfigTable([
      config(1, MethodConfig.Name(service: "a.B", method: "C"))
    ])
    #expect(timeout(table, "a.B", "D") == nil)
    #expect(timeout(table, "a", "C") == nil)
    #expect(try timeout(MethodConfigTable([]), "a.B", "C") == nil)
  }

  @Test("lets one config have many names, a method and its service among them")
  func many() throws {
    let table = try MethodConfigTable([
      config(
        1, MethodConfig.Name(service: "a.B"), MethodConfig.Name(service: "a.B", method: "C"),
        MethodConfig.Name(service: "d.E", method: "F"))
    ])
    #expect(timeout(table, "a.B", "C") == .seconds(1))
    #expect(timeout(table, "d.E", "F") == .seconds(1))
    #expect(timeout(table, "d.E", "G") == nil)
  }
}
