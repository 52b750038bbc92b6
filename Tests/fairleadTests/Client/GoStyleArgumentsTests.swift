import ArgumentParser
import Testing

@testable import fairlead

@Suite("Arguments as Go's tools take them")
struct GoStyleArgumentsTests {
  @Test("flags have one dash or two, and letters are their long names")
  func dashes() throws {
    #expect(
      try GoStyleArguments.normalised([
        "call", "-plaintext", "-max-time=5", "-servername", "x", "--cacert", "y", "-v", "-d", "{}",
        "a:1", "list",
      ]) == [
        "call", "--plaintext", "--max-time=5", "--server-name", "x", "--cacert", "y", "--verbose",
        "--data", "{}", "a:1", "list",
      ])
    #expect(
      try GoStyleArguments.normalised(["load", "-c=5", "-H", "a: b", "-call", "p.S/M", "a:1"])
        == ["load", "--concurrency=5", "--header", "a: b", "--call", "p.S/M", "a:1"])
  }

  @Test("Other commands and other words stay as they are")
  func others() throws {
    for words in [
      ["greet", "--plaintext", "-h", "-"], ["proxy", "-f", "a", "-fb"],
      ["call", "---plaintext", "-", "--", "-plaintext"], [],
      ["call"],
    ] {
      #expect(try GoStyleArguments.normalised(words) == words)
    }
  }

  @Test("a value may begin with a dash, unless it is an option")
  func values() throws {
    #expect(
      try GoStyleArguments.normalised(["call", "-d", "-5", "--max-time", "-plaintext", "-H"])
        == ["call", "--data=-5", "--max-time", "--plaintext", "--header"])
  }

  @Test(
    "a value may stand in the word of a one-letter option",
    arguments: [
      ("-Hauthorization: Bearer x=y", "--header=authorization: Bearer x=y"),
      ("-Hnovalue", "--header=novalue"), ("-d{\"a\": \"b=c\"}", "--data={\"a\": \"b=c\"}"),
      ("-d@file", "--data=@file"), ("-d5", "--data=5"), ("-d=", "--data="),
      ("-c50", "--concurrency=50"),
    ])
  func attached(argument: String, expected: String) throws {
    #expect(try GoStyleArguments.normalised(["load", argument]) == ["load", expected])
    #expect(
      try GoStyleArguments.normalised(["load", "-by", argument]) == ["load", "--by", expected])
  }

  @Test(
    "a switch is on or off",
    arguments: [
      ("-plaintext=true", ["--plaintext"]), ("--plaintext=1", ["--plaintext"]),
      ("-v=T", ["--verbose"]), ("-v=false", []), ("-emit-defaults=0", []), ("-json=F", []),
    ])
  func switches(argument: String, expected: [String]) throws {
    #expect(try GoStyleArguments.normalised(["call", argument]) == ["call"] + expected)
  }

  @Test("of a switch that is told yes and no the last counts")
  func lastSwitch() throws {
    #expect(
      try GoStyleArguments.normalised([
        "call", "-insecure", "-plaintext=false", "--insecure=false", "-plaintext", "-d", "x",
      ]) == ["call", "--plaintext", "--data", "x"])
  }

  @Test("a word with one dash that no command knows is told, and no more of it than its name")
  func shortFlags() throws {
    for words in [["greeter", "-nosuch=1 2"], ["-nosuch"], ["resolve", "a", "-nosuch:x"]] {
      let failure = #expect(throws: UsageFailure.self) { try GoStyleArguments.normalised(words) }
      #expect(failure?.description.hasPrefix("Unknown option '-nosuch'. Options have two") == true)
    }
    #expect(try GoStyleArguments.normalised(["greeter", "--", "-x"]) == ["greeter", "--", "-x"])
  }

  @Test("a switch with another value is told")
  func neither() {
    let failure = #expect(throws: UsageFailure.self) {
      try GoStyleArguments.normalised(["call", "-plaintext=maybe"])
    }
    #expect(
      failure?.description
        == "'maybe' is neither true nor false: write -plaintext or -plaintext=false.")
  }

  @Test(
    "an unknown flag is not taken apart",
    arguments: [
      (["call", "-nosuch"], "Unknown option '-nosuch'. See 'fairlead call --help'."),
      (["load", "-nosuch=5"], "Unknown option '-nosuch'. See 'fairlead load --help'."),
      (
        ["call", "-plaintex"],
        "Unknown option '-plaintex'. Did you mean '--plaintext'? See 'fairlead call --help'."
      ),
      (["call", "--nosuch"], "Unknown option '--nosuch'. See 'fairlead call --help'."),
      (
        ["call", "--header:x-key: geheim"], "Unknown option '--header'. See 'fairlead call --help'."
      ),
      (["call", "--Hx-key: geheim"], "Unknown option '--Hx-key'. See 'fairlead call --help'."),
      (
        ["load", "-duratoin"],
        "Unknown option '-duratoin'. Did you mean '--duration'? See 'fairlead load --help'."
      ),
      (["call", "-c5"], "Unknown option '-c5'. See 'fairlead call --help'."),
      (
        ["call", "--secretsarenotlongerthannames"],
        "Unknown option '--secretsarenotlo'. See 'fairlead call --help'."
      ),
      (["call", "-vv"], "Unknown option '-vv'. See 'fairlead call --help'."),
    ])
  func unknown(arguments: [String], sentence: String) {
    let failure = #expect(throws: UsageFailure.self) { try GoStyleArguments.normalised(arguments) }
    #expect(failure?.description == sentence)
  }

  @Test("the names are those of the commands", arguments: ["call", "load"])
  func names(command: String) throws {
    let help =
      command == "call" ? CallCommand.helpMessage() : LoadCommand.helpMessage()
    let options = help.split(separator: "\n").drop { $0 != "OPTIONS:" }
    var names = Set(
      options.compactMap { line -> String? in
        guard line.hasPrefix("  -"), let start = line.firstRange(of: "--") else { return nil }
        return String(line[start.upperBound...].prefix { $0.isLetter || $0 == "-" })
      })
    // The root's, which every command has.
    names.insert("version")
    #expect(names.sorted() == GoStyleFlags.ofCommand[command]?.names)
  }

  @Test("the help tells the defaults that there are")
  func defaults() throws {
    let load = try LoadArguments.parse(["--call", "p.S/M"])
    let help = LoadCommand.helpMessage(columns: 400) + CallCommand.helpMessage(columns: 400)
    let client = try ClientArguments.parse([])
    for (option, value) in [
      ("--by", load.by.defaultValueDescription), ("--warm-up", load.warmUp.description),
      ("--concurrency", "\(load.concurrency)"),
      ("--connections", load.connections.defaultValueDescription),
      ("--timeout", load.timeout.description), ("--threads", "\(load.threads)"),
      ("--connect-timeout", client.connectTimeout.description),
      ("--max-msg-sz", "\(try CallCommand.parse(["a:1", "list"]).maximumMessageSize)"),
    ] {
      // What is said of an option stands behind it, or on lines of its own.
      let parts = help.split(separator: "\(option) <").dropFirst()
      #expect(!parts.isEmpty)
      for part in parts {
        let words =
          part.split(separator: "\n  -").first?.split(whereSeparator: \.isWhitespace) ?? []
        #expect(words.joined(separator: " ").hasSuffix("(default: \(value))"), "\(option)")
      }
    }
  }
}
