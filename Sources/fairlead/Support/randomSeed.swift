/// A seed from the system, drawn once when a command starts: the one place where randomness comes from. Everything that
/// needs it is given it.
func randomSeed() -> UInt64 {
  var generator = SystemRandomNumberGenerator()
  return generator.next()
}
