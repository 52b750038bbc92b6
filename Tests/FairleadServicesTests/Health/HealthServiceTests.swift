import FairleadHealthProtocol
import FairleadServices
import GRPCCore
import Testing

@Suite("HealthService")
struct HealthServiceTests {
  @Test("Check answers what the board says, NOT_FOUND for a service it does not know")
  func check() async throws {
    let board = HealthBoard(serving: ["a"])
    try await withServices([HealthService(board: board)]) { client in
      let health = Grpc_Health_V1_Health.Client(wrapping: client)
      let server = try await health.check(.init())
      #expect(server.status == .serving)
      board.set(.notServing, for: "a")
      let service = try await health.check(.with { $0.service = "a" })
      #expect(service.status == .notServing)
      let error = await #expect(throws: RPCError.self) {
        try await health.check(.with { $0.service = "b" })
      }
      #expect(error?.code == .notFound)
    }
  }

  @Test("List answers every service")
  func list() async throws {
    let board = HealthBoard(serving: ["a"])
    board.set(.notServing, for: "a")
    try await withServices([HealthService(board: board)]) { client in
      let response = try await Grpc_Health_V1_Health.Client(wrapping: client).list(.init())
      #expect(response.statuses.mapValues(\.status) == ["": .serving, "a": .notServing])
    }
  }

  @Test("Watch answers SERVICE_UNKNOWN, then changes, and ends when the board closes")
  func watch() async throws {
    let board = HealthBoard(serving: [])
    try await withServices([HealthService(board: board)]) { client in
      let health = Grpc_Health_V1_Health.Client(wrapping: client)
      let statuses = try await health.watch(.with { $0.service = "late" }) { response in
        var statuses: [Grpc_Health_V1_HealthCheckResponse.ServingStatus] = []
        for try await message in response.messages {
          statuses.append(message.status)
          if statuses.count == 1 { board.set(.serving, for: "late") } else { board.close() }
        }
        return statuses
      }
      #expect(statuses == [.serviceUnknown, .serving, .notServing])
    }
  }
}
