/// A way to spread RPCs over the ready endpoints of a cluster.
///
/// To add one: conform a value to this protocol, register it in ``PolicyRegistry``, and run the
/// conformance suite on it.
public protocol Policy: Sendable {
  /// gRPC's name for it, `round_robin` for example.
  var name: String { get }

  /// Which subchannels are kept connected.
  var connects: ConnectStrategy { get }

  /// A picker over endpoints that are all ready, never empty.
  ///
  /// - Parameters:
  ///   - candidates: in the order of their set. The identity of a load tells an endpoint that
  ///     remains from a new one; an id's index may be reused.
  ///   - previous: the last picker that this policy made for the cluster, so that a cursor goes on
  ///     where it was rather than favour the first endpoint after each update.
  ///   - random: for chances, and for where a first picker begins.
  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker

  /// Whether its pickers also depend on endpoints that are not ready. By default they do not.
  var considersUnready: Bool { get }

  /// How often its pickers should be made anew because time has passed; `nil`, the default, if they
  /// do not depend on time. It may return the previous one if nothing is new.
  var refreshPeriod: Duration? { get }

  /// As ``makePicker(over:replacing:random:)``, for a policy that needs to know more. This is the
  /// one that is called; by default it calls the other.
  func makePicker(
    over candidates: [Candidate], in setting: PickerSetting, replacing previous: (any Picker)?
  ) -> any Picker
}

/// Which subchannels of a set a policy wants connected.
public enum ConnectStrategy: Sendable, Equatable {
  /// All of them.
  case all
  /// One after the other until one is ready, with Happy Eyeballs (gRFC A61, RFC 8305): the next
  /// attempt begins when one fails, or beside it when it takes long. That one is kept.
  case first
}

extension Policy {
  /// Only ready endpoints matter.
  public var considersUnready: Bool { false }

  /// Time does not matter.
  public var refreshPeriod: Duration? { nil }

  /// A picker that depends on its candidates alone.
  public func makePicker(
    over candidates: [Candidate], in setting: PickerSetting, replacing previous: (any Picker)?
  ) -> any Picker {
    makePicker(over: candidates, replacing: previous, random: setting.random)
  }
}
