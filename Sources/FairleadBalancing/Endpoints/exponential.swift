/// `e` to the power of a number that is 0 or less, to 1 part in 10 million: this module has no
/// mathematics library of its own.
func exponential(_ exponent: Double) -> Double {
  guard exponent < 0 else { return 1 }
  guard exponent > -700 else { return 0 }
  // e^x = 2^k · e^r with |r| ≤ ln 2 / 2, where nine terms of the series are plenty.
  let ln2 = 0.693_147_180_559_945_3
  let whole = (exponent / ln2).rounded()
  let rest = exponent - whole * ln2
  var term = 1.0
  var sum = 1.0
  for index in 1...9 {
    term *= rest / Double(index)
    sum += term
  }
  return sum * Double(sign: .plus, exponent: Int(whole), significand: 1)
}
