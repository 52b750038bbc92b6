/// Not all servers answer.
struct LoadFailure: Error, CustomStringConvertible {
  let reached: Int
  let of: Int

  var description: String { "Only \(reached) of \(of) servers answered within 10 s." }
}
