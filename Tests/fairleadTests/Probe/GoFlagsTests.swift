import Testing

@testable import fairlead

@Suite("GoFlags")
struct GoFlagsTests {
  private func parse(_ arguments: String...) throws -> GoFlags {
    try GoFlags(arguments) { ["addr": .value, "tls": .toggle][$0] }
  }

  private func pairs(_ flags: GoFlags) -> [String] {
    flags.flags.map { "\($0.name)=\($0.value)" }
  }

  @Test("One dash or two, the value behind = or in the next argument")
  func forms() throws {
    for form in [["-addr", ":1"], ["--addr", ":1"], ["-addr=:1"], ["--addr=:1"]] {
      let flags = try GoFlags(form) { $0 == "addr" ? .value : nil }
      #expect(flags.flags == [GoFlags.Flag(name: "addr", value: ":1")])
      #expect(flags.rest.isEmpty)
    }
  }

  @Test("A value may be empty, begin with a dash or hold =")
  func values() throws {
    #expect(try pairs(parse("-addr=", "-addr", "")) == ["addr=", "addr="])
    #expect(try pairs(parse("-addr", "-tls", "-addr=a=b")) == ["addr=-tls", "addr=a=b"])
    #expect(try pairs(parse("-addr", "--")) == ["addr=--"])
  }

  @Test("A switch takes no next argument: flags end there, as they do at -- and at a single dash")
  func rest() throws {
    let flags = try parse("-tls", "false", "-addr=:1")
    #expect(pairs(flags) == ["tls=true"])
    #expect(flags.rest == ["false", "-addr=:1"])
    #expect(try parse("-tls=false").flags == [GoFlags.Flag(name: "tls", value: "false")])
    #expect(try parse("--", "-tls").rest == ["-tls"])
    #expect(try parse("-", "-tls").rest == ["-", "-tls"])
    #expect(try parse().flags.isEmpty)
  }

  @Test(
    "What is wrong is told in Go's words",
    arguments: [
      (["-nope"], "flag provided but not defined: -nope"),
      (["--nope=1"], "flag provided but not defined: -nope"),
      (["-addr"], "flag needs an argument: -addr"),
      (["---addr"], "bad flag syntax: ---addr"),
      (["-=1"], "bad flag syntax: -=1"),
      (["--=1"], "bad flag syntax: --=1"),
    ])
  func problems(arguments: [String], message: String) {
    let error = #expect(throws: ProbeUsageError.self) {
      try GoFlags(arguments) { $0 == "addr" ? .value : nil }
    }
    #expect(error?.description == message)
  }

  @Test("Truth as Go writes it")
  func booleans() {
    #expect(["1", "t", "T", "true", "TRUE", "True"].allSatisfy { GoFlags.boolean($0) == true })
    #expect(["0", "f", "F", "false", "FALSE", "False"].allSatisfy { GoFlags.boolean($0) == false })
    #expect(["", "yes", "tRUE", "2"].allSatisfy { GoFlags.boolean($0) == nil })
  }
}
