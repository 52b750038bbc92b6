/// A way to spread RPCs over the ready endpoints of a cluster.
///
/// To add one, conform a value to this protocol and a class to ``Picker``. A policy is made once and
/// asked for a picker each time that the ready endpoints change; it keeps nothing between two calls.
/// What must outlive a picker, a place in a rotation for example, is taken from the previous one.
///
/// ```swift
/// import FairleadBalancing
/// import Synchronization
///
/// /// Calls stay in the client's zone, in turn, while an endpoint there is ready.
/// struct NearestZone: Policy {
///   let name = "nearest_zone"
///   let connects = ConnectStrategy.all
///   let zone: String
///
///   func makePicker(
///     over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
///   ) -> any Picker {
///     let near = candidates.filter { $0.endpoint.locality?.zone == zone }
///     let turn = (previous as? InTurn)?.turn ?? random.next()
///     return InTurn(near.isEmpty ? candidates : near, from: turn)
///   }
/// }
///
/// final class InTurn: Picker {
///   private let ids: [SubchannelID]
///   private let cursor: Atomic<UInt64>
///
///   init(_ candidates: [Candidate], from turn: UInt64) {
///     ids = candidates.map(\.id)
///     cursor = Atomic(turn)
///   }
///
///   var turn: UInt64 { cursor.load(ordering: .relaxed) }
///
///   func pick(_ request: PickRequest) -> Pick {
///     // An RPC that has failed on one endpoint is retried on another one, if there is one.
///     var id = next()
///     if id == request.avoiding { id = next() }
///     return .subchannel(id)
///   }
///
///   private func next() -> SubchannelID {
///     let turn = cursor.wrappingAdd(1, ordering: .relaxed).oldValue
///     return ids[Int(turn % UInt64(ids.count))]
///   }
/// }
/// ```
///
/// Then register it, and service configs can name it, inside of
/// `outlier_detection_experimental` too. A policy that takes its settings from there says how with
/// ``configured(by:)``.
///
/// ```swift
/// var registry = PolicyRegistry.standard
/// registry.register(NearestZone(zone: "eu-west-1a"))
/// let json = #"{"loadBalancingConfig": [{"nearest_zone": {}}, {"round_robin": {}}]}"#
/// let configuration = try BalancingConfiguration.read(
///   serviceConfig: Array(json.utf8), registry: registry)
/// ```
///
/// Or use it without a name: ``BalancingConfiguration/init(policy:outlierDetection:subsetting:shufflesEndpoints:slowStart:)``.
public protocol Policy: Sendable {
  /// What a service config calls it: gRPC's name, `round_robin` for example, or one of its own.
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

  /// The same policy with the settings that a service config has for it: the JSON object beside its
  /// name. By default it has none, and stays as it is.
  ///
  /// - Parameter json: the object, as a `JSONDecoder` takes it; fields that are `null` are left out.
  /// - Throws: whatever is wrong with it. The service config is then refused with a
  ///   ``ServiceConfigError`` that tells where; throw one to choose its words.
  func configured(by json: [UInt8]) throws -> any Policy

  /// How often its pickers should be made anew because time has passed; `nil`, the default, if they
  /// do not depend on time. It may return the previous one if nothing is new.
  var refreshPeriod: Duration? { get }

  /// What the load reports of the candidates are worth to it, one for each in their order; `nil`, the
  /// default, if it does not look at them. Asked for the metrics of gRFC A78 when a picker is made.
  func reportedWeights(of candidates: [Candidate], now: Duration) -> [ReportedWeight]?

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

  /// It has no settings.
  public func configured(by json: [UInt8]) throws -> any Policy { self }

  /// Time does not matter.
  public var refreshPeriod: Duration? { nil }

  /// Load reports do not matter.
  public func reportedWeights(of candidates: [Candidate], now: Duration) -> [ReportedWeight]? {
    nil
  }

  /// A picker that depends on its candidates alone.
  public func makePicker(
    over candidates: [Candidate], in setting: PickerSetting, replacing previous: (any Picker)?
  ) -> any Picker {
    makePicker(over: candidates, replacing: previous, random: setting.random)
  }
}
