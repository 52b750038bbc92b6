/// Requests with the same hash go to the same endpoint, as long as it is there (gRFC A42).
///
/// Unlike in gRPC, all endpoints are kept connected: a request whose endpoint is not ready fails
/// over, or waits, as A42 has it, but never for an endpoint that nobody had asked for before. A
/// request without a hash goes to a random place on the ring.
public struct RingHashPolicy: Policy {
  /// gRPC's cap of both sizes.
  public static let sizeCap = 4096

  /// Its name in service configs.
  public let name = "ring_hash_experimental"
  /// All endpoints are kept connected.
  public let connects = ConnectStrategy.all
  /// Its ring has a place for endpoints that are not ready, too.
  public let considersUnready = true
  /// How many places the ring has at least; `minRingSize`.
  public let minimumSize: Int
  /// How many places the ring has at most; `maxRingSize`.
  public let maximumSize: Int
  /// The header, in lower case, whose value's ``XXHash64`` the owner should ask pickers with;
  /// `requestHashHeader` (gRFC A76).
  public let requestHashHeader: String?

  /// Sizes are brought into `1...sizeCap`, the minimum to the maximum at most.
  public init(minimumSize: Int = 1024, maximumSize: Int = 4096, requestHashHeader: String? = nil) {
    self.requestHashHeader = requestHashHeader
    self.maximumSize = min(Self.sizeCap, max(1, maximumSize))
    self.minimumSize = min(self.maximumSize, max(1, minimumSize))
  }

  /// A ring of these candidates alone.
  public func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    makePicker(
      over: candidates, in: PickerSetting(random: random), replacing: previous)
  }

  /// A ring of the candidates and the endpoints that are not ready; that of the previous picker, if
  /// it is the same.
  public func makePicker(
    over candidates: [Candidate], in setting: PickerSetting, replacing previous: (any Picker)?
  ) -> any Picker {
    RingPicker(
      over: candidates, in: setting, policy: self, replacing: previous as? RingPicker)
  }
}
