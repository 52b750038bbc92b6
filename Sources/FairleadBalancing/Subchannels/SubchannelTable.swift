/// The subchannels of a ``Balancer``, by id, by address, and in the order of the set.
struct SubchannelTable: Sendable {
  /// One endpoint with its state and its counters.
  struct Subchannel: Sendable {
    let id: SubchannelID
    var endpoint: Endpoint
    let load = EndpointLoad()
    var machine = SubchannelMachine()
    /// It has never been ready, or failed to connect since it last was.
    var isCold = true
    /// When it last became ready after it had been cold.
    var coldSince = Duration.zero

    /// No attempt of this pass of `ConnectStrategy.first` was for it.
    var isUntried: Bool { machine.state == .idle && machine.failure == nil }
  }

  /// By index; `nil` where an index is free.
  private var slots: [Subchannel?] = []
  /// How often each index was given away.
  private var generations: [UInt32] = []
  /// The free indices, the lowest last.
  private var vacant: [Int] = []
  private var indices: [EndpointAddress: Int] = [:]
  private var order: [Int] = []

  /// All ids in the order of the set.
  var ids: [SubchannelID] { inOrder.map(\.id) }
  /// All ids with the families of their addresses in turn, as `ConnectStrategy.first` tries them.
  var idsByFamily: [SubchannelID] {
    inOrder.interleaved(by: { $0.endpoint.address.family }).map(\.id)
  }
  var inOrder: some Collection<Subchannel> { order.lazy.compactMap { [slots] in slots[$0] } }
  var isEmpty: Bool { order.isEmpty }

  /// `nil` if the id's subchannel is gone, whoever has its index now. Setting does nothing then.
  subscript(id: SubchannelID) -> Subchannel? {
    get {
      guard slots.indices.contains(id.index), let slot = slots[id.index], slot.id == id else {
        return nil
      }
      return slot
    }
    set {
      guard self[id] != nil else { return }
      slots[id.index] = newValue
    }
  }

  /// The counters alone, for every call: copies nothing else.
  func load(of id: SubchannelID) -> EndpointLoad? {
    guard id.index < slots.count, slots[id.index]?.id == id else { return nil }
    return slots[id.index]?.load
  }

  func id(at address: EndpointAddress) -> SubchannelID? {
    indices[address].flatMap { slots[$0]?.id }
  }

  /// Takes out what is not in the set and returns its ids, in the order of the old set.
  mutating func removeAll(except set: EndpointSet) -> [SubchannelID] {
    let kept = Set(set.endpoints.map(\.address))
    let gone = inOrder.filter { !kept.contains($0.endpoint.address) }
    for subchannel in gone {
      slots[subchannel.id.index] = nil
      indices[subchannel.endpoint.address] = nil
    }
    vacant.append(contentsOf: gone.map(\.id.index))
    vacant.sort(by: >)
    order.removeAll { slots[$0] == nil }
    return gone.map(\.id)
  }

  /// Puts in, at the lowest free index, each endpoint whose address is new, and takes on the order
  /// of the set.
  mutating func insertAll(of set: EndpointSet) {
    order = set.endpoints.map { endpoint in
      indices[endpoint.address] ?? insert(endpoint)
    }
  }

  private mutating func insert(_ endpoint: Endpoint) -> Int {
    let index = vacant.popLast() ?? slots.count
    if index == slots.count {
      slots.append(nil)
      generations.append(0)
    } else {
      generations[index] &+= 1
    }
    let id = SubchannelID(index: index, generation: generations[index])
    slots[index] = Subchannel(id: id, endpoint: endpoint)
    indices[endpoint.address] = index
    return index
  }
}
