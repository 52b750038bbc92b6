/// The body of an answer that is to be one message: five bytes, of which one says whether it is compressed and four how long
/// it is, and then as many (gRPC over HTTP/2, "Length-Prefixed-Message").
struct ReplyBody {
  /// The first five bytes.
  let prefix: UInt64
  /// Bytes of it all.
  let length: Int

  /// What is wrong with it, in a sentence. Nothing is said of the message itself.
  var problem: String? {
    guard length > 0 else { return "The server answered OK without a message." }
    let end = 5 + Int(prefix & 0xFFFF_FFFF)
    guard length >= 5, length >= end else {
      return "The server answered OK and broke off in its message."
    }
    if length > end { return "The server answered OK with more than the one message that is due." }
    // We do not say that we understand any compression.
    if prefix >> 32 != 0 { return "The server answered with a compressed message, unasked." }
    return nil
  }
}
