import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Synchronization

@testable import FairleadGRPC

/// A service that reports one load, once on each stream, and ends its streams when it is told to.
final class ScriptedLoad: Sendable {
  private let report: Xds_Data_Orca_V3_OrcaLoadReport
  private let asked = Mutex<[Duration]>([])
  private let gate = Mutex(Gate())

  init(requestsPerSecond: Double, utilization: Double) {
    report = .with {
      $0.rpsFractional = requestsPerSecond
      $0.cpuUtilization = utilization
    }
  }

  /// The period that each client asked for.
  var periods: [Duration] { asked.withLock(\.self) }

  /// Ends the streams that run.
  func end() {
    let running = gate.withLock { gate in
      defer { gate = Gate() }
      return gate
    }
    running.open()
  }
}

extension ScriptedLoad: RegistrableRPCService {
  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: Xds_Service_Orca_V3_OpenRcaService.Method.StreamCoreMetrics.descriptor,
      deserializer: ProtobufDeserializer<Xds_Service_Orca_V3_OrcaLoadReportRequest>(),
      serializer: ProtobufSerializer<Xds_Data_Orca_V3_OrcaLoadReport>(),
      handler: { request, _ in
        let place = self.gate.withLock { $0.enter() }
        return StreamingServerResponse { writer in
          for try await message in request.messages {
            let interval = message.reportInterval
            self.asked.withLock {
              $0.append(.seconds(interval.seconds) + .nanoseconds(interval.nanos))
            }
          }
          try await writer.write(self.report)
          await withRPCCancellationHandler {
            await place.wait()
          } onCancelRPC: {
            place.leave()
          }
          return [:]
        }
      })
  }
}
