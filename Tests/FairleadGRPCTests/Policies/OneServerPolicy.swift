import FairleadBalancing
import Foundation

/// A policy as a user would write one: all calls to the server of one name, while it is there.
struct OneServerPolicy: Policy {
  private struct Settings: Decodable {
    var server: String
  }

  let name = "one_server"
  let connects = ConnectStrategy.all
  let server: String

  func configured(by json: [UInt8]) throws -> any Policy {
    OneServerPolicy(server: try JSONDecoder().decode(Settings.self, from: Data(json)).server)
  }

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    let candidate = candidates.first { $0.endpoint.name == server } ?? candidates[0]
    return OneServerPicker(candidate.id)
  }
}

private final class OneServerPicker: Picker {
  private let id: SubchannelID

  init(_ id: SubchannelID) {
    self.id = id
  }

  func pick(_ request: PickRequest) -> Pick { .subchannel(id) }
}
