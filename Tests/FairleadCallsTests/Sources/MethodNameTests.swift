import FairleadCalls
import FairleadDescriptors
import Testing

struct MethodNameTests {
  @Test(
    "A method is named in the ways that people write it",
    arguments: [
      "pkg.sub.Svc/Do", "/pkg.sub.Svc/Do", "pkg.sub.Svc.Do", ".pkg.sub.Svc.Do",
    ])
  func reads(text: String) throws {
    let name = try MethodName(text)
    #expect(name.service == "pkg.sub.Svc")
    #expect(name.method == "Do")
    #expect(name.path == "pkg.sub.Svc/Do")
  }

  @Test(
    "What names no method is refused with the way to write it",
    arguments: ["", "Do", "/", "/Do", "Svc/", "Svc.", "a/b/c", "\u{1B}[2J"])
  func refuses(text: String) {
    let problem = #expect(throws: DescriptorProblem.self) { try MethodName(text) }
    #expect(problem?.description.contains("package.Service/Method") == true)
    #expect(problem?.description.contains("\u{1B}") == false)
  }
}
