import Testing

@testable import FairleadCalls

struct ProtocInvocationTests {
  @Test("Without import paths it is the working folder, and the folders of files elsewhere")
  func importPaths() {
    let inside = ProtocInvocation(files: ["a.proto", "b/c.proto"], importPaths: [])
    #expect(inside.importPaths == ["."])
    let outside = ProtocInvocation(files: ["/x/a.proto", "../y/b.proto"], importPaths: [])
    #expect(outside.importPaths == [".", "/x", "../y"])
    let given = ProtocInvocation(files: ["/x/a.proto"], importPaths: ["/x", "/z"])
    #expect(
      given.arguments(output: "/t/set", wellKnown: "/t/include") == [
        "--include_imports", "--descriptor_set_out=/t/set", "--proto_path=/x", "--proto_path=/z",
        "--proto_path=/t/include", "/x/a.proto",
      ])
  }

  @Test("A file's name is never an option")
  func dashes() {
    let invocation = ProtocInvocation(files: ["--plugin=x"], importPaths: ["-p"])
    #expect(invocation.files == ["./--plugin=x"])
    #expect(invocation.importPaths == ["./-p"])
  }

  @Test("A missing import is one sentence that names --import-path")
  func missingImport() {
    let problem = ProtocInvocation(files: ["shop.proto"], importPaths: []).problem(
      output: """
        common/money.proto: File not found.
        shop.proto:6:1: Import "common/money.proto" was not found or had errors.

        """)
    #expect(
      problem.description == """
        protoc does not accept shop.proto: common/money.proto: File not found; shop.proto:6:1: \
        Import "common/money.proto" was not found or had errors; name the folder that has it with \
        --import-path.
        """)
  }

  @Test("What protoc prints is shortened and cannot move the cursor")
  func hostile() {
    let lines = (0..<100).map { "x.proto:\($0):1: \u{1B}[2J\(String(repeating: "a", count: 1000))" }
    let problem = ProtocInvocation(files: ["x.proto"], importPaths: []).problem(
      output: lines.joined(separator: "\n"))
    #expect(problem.description.count < 1500)
    #expect(!problem.description.contains("\u{1B}"))
    let silent = ProtocInvocation(files: ["x.proto"], importPaths: []).problem(output: "")
    #expect(silent.description == "protoc does not accept x.proto, and does not say why.")
  }
}
