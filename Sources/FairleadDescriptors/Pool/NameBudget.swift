/// How much a pool may hold. Each symbol has its full name, which repeats the package's and those of the messages around it: a short
/// description with a long name in it could take any amount of memory.
struct NameBudget: Sendable, Hashable {
  /// Bytes of one full name; the longest in use have a fifth of that.
  var longestName = 1024
  /// Messages, fields, enums, extensions, services and methods.
  var symbols = 1_000_000
  /// Of all full names together.
  var bytes = 128 << 20

  /// Takes the name of one symbol.
  mutating func spend(scope: String, name: String) throws(DescriptorProblem) {
    let length = scope.utf8.count + 1 + name.utf8.count
    guard length <= self.longestName else {
      throw DescriptorProblem(
        "The full name of '\(String(name.prefix(40)))' in '\(String(scope.prefix(40)))…' is longer than "
          + "\(self.longestName) bytes; shorten it.")
    }
    self.symbols -= 1
    self.bytes -= length
    guard self.symbols >= 0, self.bytes >= 0 else {
      throw DescriptorProblem(
        "The descriptions declare too much; give a descriptor set with less in it.")
    }
  }
}
