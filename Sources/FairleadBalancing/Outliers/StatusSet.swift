/// A set of gRPC status codes, in four bytes.
public struct StatusSet: Sendable, Hashable {
  /// Bit `n` stands for the code `n`; codes that gRPC does not have count as UNKNOWN.
  let bits: UInt32

  init(bits: UInt32) {
    self.bits = bits
  }

  /// The set of these codes, each in 0...16; others count as 2, UNKNOWN.
  public init(_ codes: some Sequence<Int>) {
    bits = codes.reduce(0) { $0 | Self.bit(of: $1) }
  }

  /// Every status but OK: what gRFC A50 counts.
  public static let allErrors = StatusSet(1...16)
  /// Those that Envoy maps to a status of 500 and more: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED,
  /// INTERNAL, UNAVAILABLE and DATA_LOSS. The caller's own mistakes are not among them.
  public static let serverErrors = StatusSet([2, 4, 12, 13, 14, 15])

  /// Whether this code is in the set; one that gRPC does not have counts as UNKNOWN.
  public func contains(_ code: Int) -> Bool {
    bits & Self.bit(of: code) != 0
  }

  private static func bit(of code: Int) -> UInt32 {
    1 << UInt32((0...16).contains(code) ? code : 2)
  }
}
