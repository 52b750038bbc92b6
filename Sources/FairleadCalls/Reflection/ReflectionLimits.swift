/// How much a server may tell by reflection; a hostile one would never end.
struct ReflectionLimits: Sendable, Hashable {
  var files = 4096
  /// Of all descriptions together.
  var bytes = 64 << 20
  var services = 16_384
  /// Messages whose extensions are asked for.
  var extendedMessages = 64
  /// Extensions that are asked for.
  var extensions = 512
}
