extension RandomSource {
  /// A seed from the system: the one place where randomness comes from. Whoever needs some is given a
  /// source, or a seed; what a program makes itself, a transport's configuration for example, has one
  /// of these unless it says otherwise.
  public static func systemSeed() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
