import Testing

@testable import FairleadBalancing

@Suite("A subchannel")
struct SubchannelMachineTests {
  @Test("connects, is ready, loses its connection and connects at once")
  func life() {
    var machine = SubchannelMachine()
    #expect(machine.state == .idle)
    #expect(machine.connect() == true)
    #expect(machine.state == .connecting)
    #expect(machine.connected(calls: 0) == true)
    #expect(machine.state == .ready)
    #expect(machine.disconnected(calls: 5) == .reconnect)
    #expect(machine.state == .idle)
    #expect(machine.connect() == true)
  }

  @Test("counts failures in a row, and counts as failing until it is ready")
  func failures() {
    var machine = SubchannelMachine()
    #expect(machine.connect() == true)
    #expect(machine.connectFailed(error: "refused") == 1)
    #expect(machine.state == .transientFailure)
    #expect(machine.connect() == true)
    #expect(machine.state == .connecting)
    #expect(machine.failure == .init(attempts: 1, error: "refused"))
    #expect(machine.connectFailed(error: "timed out") == 2)
    #expect(machine.failure == .init(attempts: 2, error: "timed out"))
    #expect(machine.connect() == true)
    #expect(machine.connected(calls: 0) == true)
    #expect(machine.failure == nil)
    #expect(machine.disconnected(calls: 1) == .reconnect)
    #expect(machine.connect() == true)
    #expect(machine.connectFailed(error: "refused") == 1)
  }

  @Test("rests when two connections in a row are lost without a call")
  func unused() {
    var machine = SubchannelMachine()
    let losses: [(before: Int, after: Int, action: SubchannelMachine.LossAction)] = [
      (0, 0, .reconnect), (0, 0, .rest), (0, 0, .rest),
      (0, 1, .reconnect), (1, 1, .reconnect), (1, 1, .rest),
    ]
    for loss in losses {
      #expect(machine.connect() == true)
      #expect(machine.connected(calls: loss.before) == true)
      #expect(machine.disconnected(calls: loss.after) == loss.action)
      #expect(machine.failure == nil)
    }
  }

  @Test("takes no notice of events that do not fit its state")
  func lateEvents() {
    var idle = SubchannelMachine()
    #expect(idle.connected(calls: 0) == false)
    #expect(idle.connectFailed(error: "late") == nil)
    #expect(idle.disconnected(calls: 0) == .none)
    #expect(idle == SubchannelMachine())

    var connecting = SubchannelMachine()
    #expect(connecting.connect() == true)
    #expect(connecting.connect() == false)
    #expect(connecting.disconnected(calls: 0) == .none)
    #expect(connecting.state == .connecting)

    var ready = connecting
    #expect(ready.connected(calls: 0) == true)
    #expect(ready.connect() == false)
    #expect(ready.connected(calls: 0) == false)
    #expect(ready.connectFailed(error: "late") == nil)
    #expect(ready.state == .ready)

    var failed = connecting
    #expect(failed.connectFailed(error: "refused") == 1)
    #expect(failed.connectFailed(error: "again") == nil)
    #expect(failed.connected(calls: 0) == false)
    #expect(failed.disconnected(calls: 0) == .none)
    #expect(failed.failure == .init(attempts: 1, error: "refused"))
  }

  @Test("that is passed over keeps failing; one that is forgotten does not")
  func passedOver() {
    var machine = SubchannelMachine()
    #expect(machine.connect() == true)
    #expect(machine.connectFailed(error: "refused") == 1)
    machine.rest()
    #expect(machine.state == .idle)
    #expect(machine.failure?.error == "refused")
    machine.forget()
    #expect(machine.failure == nil)
  }
}
