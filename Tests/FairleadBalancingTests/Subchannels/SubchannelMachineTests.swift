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
    machine.renew()
    #expect(machine.failure == nil)
  }

  @Test("that is given up is idle without a past, and says whether there is something to end")
  func givenUp() {
    var machine = SubchannelMachine()
    #expect(machine.giveUp() == false)
    #expect(machine.connect() == true)
    #expect(machine.connectFailed(error: "refused") == 1)
    #expect(machine.giveUp() == false)
    #expect(machine == SubchannelMachine())
    #expect(machine.connect() == true)
    #expect(machine.giveUp() == true)
    #expect(machine == SubchannelMachine())
    #expect(machine.connect() == true)
    #expect(machine.becameUnhealthy(error: "NOT_SERVING", calls: 0) == true)
    #expect(machine.giveUp() == true)
    #expect(machine == SubchannelMachine())
    #expect(machine.connect() == true)
    #expect(machine.connected(calls: 0) == true)
    #expect(machine.giveUp() == false)
    #expect(machine.state == .ready)
  }

  @Test("keeps in mind that its connections go unused, though others are in use meanwhile")
  func unusedAfterAll() {
    for isRenewed in [true, false] {
      var machine = SubchannelMachine()
      #expect(machine.connect() == true)
      #expect(machine.connected(calls: 0) == true)
      #expect(machine.disconnected(calls: 0) == .reconnect)
      #expect(machine.connect() == true)
      #expect(machine.giveUp() == true)
      if isRenewed {
        machine.renew()
      }
      #expect(machine.connect() == true)
      #expect(machine.becameUnhealthy(error: "NOT_SERVING", calls: 0) == true)
      #expect(machine.giveUp() == true)
      #expect(machine.connect() == true)
      #expect(machine.connected(calls: 0) == true)
      #expect(machine.disconnected(calls: 0) == .rest)
    }
  }

  @Test("counts as failing while its server does not serve, and is ready when it does")
  func unhealthy() {
    var machine = SubchannelMachine()
    #expect(machine.becameUnhealthy(error: "late", calls: 0) == false)
    #expect(machine.connect() == true)
    #expect(machine.connectFailed(error: "refused") == 1)
    #expect(machine.becameUnhealthy(error: "late", calls: 0) == false)
    #expect(machine.connect() == true)
    #expect(machine.becameUnhealthy(error: "NOT_SERVING", calls: 0) == true)
    #expect(machine.state == .transientFailure)
    #expect(machine.failure == .init(attempts: 0, error: "NOT_SERVING"))
    #expect(machine.becameUnhealthy(error: "NOT_SERVING", calls: 0) == false)
    #expect(machine.becameUnhealthy(error: "SERVICE_UNKNOWN", calls: 0) == true)
    #expect(machine.failure?.error == "SERVICE_UNKNOWN")
    #expect(machine.connect() == false)
    #expect(machine.connectFailed(error: "late") == nil)
    machine.rest()
    machine.renew()
    #expect(machine.state == .transientFailure)
    #expect(machine.connected(calls: 0) == true)
    #expect(machine.state == .ready && machine.failure == nil)
    #expect(machine.disconnected(calls: 0) == .reconnect)
  }

  @Test(
    "goes on failing when an unhealthy connection is lost, and rests if there were no calls twice")
  func unhealthyAndLost() {
    var machine = SubchannelMachine()
    for (before, after) in [(0, 1), (1, 1)] {
      #expect(machine.connect() == true)
      #expect(machine.connected(calls: before) == true)
      #expect(machine.becameUnhealthy(error: "NOT_SERVING", calls: after) == true)
      #expect(machine.disconnected(calls: after) == .reconnect)
      #expect(machine.state == .idle)
      #expect(machine.failure == .init(attempts: 0, error: "NOT_SERVING"))
    }
    #expect(machine.connect() == true)
    #expect(machine.becameUnhealthy(error: "NOT_SERVING", calls: 1) == true)
    #expect(machine.disconnected(calls: 1) == .rest)
    #expect(machine.state == .transientFailure)
    #expect(machine.failure?.error == "NOT_SERVING")
    #expect(machine.connect() == true)
    #expect(machine.connectFailed(error: "refused") == 1)
  }
}
