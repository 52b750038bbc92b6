#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `e` to the power of a number.
func exponential(_ exponent: Double) -> Double {
  exp(exponent)
}

/// One number to the power of another.
func power(_ base: Double, _ exponent: Double) -> Double {
  pow(base, exponent)
}
