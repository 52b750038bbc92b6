import FairleadBalancing
import FairleadDiscovery
import Foundation
import Testing

@testable import FairleadEtcd

@Suite struct EtcdDirectoryTests {
  private func data(_ text: String) -> Data { Data(text.utf8) }

  private func addresses(_ directory: EtcdDirectory) -> [String] {
    directory.endpoints.map(\.endpoint.address.description)
  }

  @Test("endpoints come in the order of their keys, whatever the order of events")
  func order() {
    var directory = EtcdDirectory(prefix: "s/")
    for key in ["c", "a", "d", "b"] {
      directory.put(data("s/" + key), data("10.0.0.1:\(key.utf8.first ?? 0)"))
    }
    #expect(addresses(directory) == ["10.0.0.1:97", "10.0.0.1:98", "10.0.0.1:99", "10.0.0.1:100"])
    directory.remove(data("s/b"))
    directory.remove(data("s/b"))
    directory.remove(data("s/z"))
    directory.put(data("s/c"), data("10.0.0.9:1"))
    #expect(addresses(directory) == ["10.0.0.1:97", "10.0.0.9:1", "10.0.0.1:100"])
    #expect(directory.failure == nil)
  }

  @Test("a value that cannot be used is counted and named until it is gone")
  func problems() throws {
    var directory = EtcdDirectory(prefix: "s/")
    directory.put(data("s/a\u{1B}[1m"), data("rubbish"))
    directory.put(data("s/b"), data("pod:80"))
    directory.put(data("s/c"), data("10.0.0.1:1"))
    #expect(addresses(directory) == ["10.0.0.1:1"])
    let failure = try #require(directory.failure)
    #expect(failure.kind == .malformed)
    #expect(failure.message.contains("2 of 3 unused: s/a?[1m holds no address"))
    directory.remove(data("s/a\u{1B}[1m"))
    #expect(directory.failure?.message.contains("1 of 2 unused: s/b has the host name") == true)
    directory.put(data("s/b"), data(#"{"Addr":"10.0.0.2:1","Metadata":{"weight":-1}}"#))
    #expect(directory.failure?.message.contains("not valid: s/b: its weight") == true)
    #expect(addresses(directory) == ["10.0.0.2:1", "10.0.0.1:1"])
  }

  @Test("a range ends before the first key without the prefix")
  func range() {
    #expect(EtcdRange(prefix: "s/").start == data("s/"))
    #expect(EtcdRange(prefix: "s/").end == data("s0"))
  }
}
