import Testing

@testable import fairlead

@Suite("The runs that a command line asks for")
struct LoadRunPlanTests {
  private static func names(
    _ addresses: [String], targets: [String] = [], _ arguments: [String] = []
  ) throws -> [String] {
    try LoadRunPlan.all(
      addresses: addresses.compactMap { LoadPlace<HostPort>(argument: $0) },
      targets: targets.compactMap { LoadPlace<String>(argument: $0) },
      arguments: LoadArguments.parse(["--call", "a.B/C"] + arguments)
    ).map(\.name)
  }

  @Test("each address with each number of connections is one, and each target")
  func names() throws {
    #expect(try Self.names(["a:1", "x=b:2"], targets: ["dns:///c"]) == ["a:1", "x", "dns:///c"])
    #expect(
      try Self.names(["a:1"], ["--connections", "1,3"])
        == ["a:1 (1 connection)", "a:1 (3 connections)"])
  }

  @Test("no two runs have one name")
  func unique() throws {
    #expect(try Self.names(["a:1", "a:1", "a:1"]) == ["a:1", "a:1 (2)", "a:1 (3)"])
    #expect(
      try Self.names(["dns=a:1"], targets: ["dns", "dns (2)"]) == ["dns", "dns (3)", "dns (2)"])
    #expect(
      try Self.names(["a:1", "a:1"], ["--connections", "1,2"]) == [
        "a:1 (1 connection)", "a:1 (2 connections)", "a:1 (1 connection) (2)",
        "a:1 (2 connections) (2)",
      ])
  }
}
