import FairleadCalls
import FairleadDescriptors
import GRPCCore

/// What is told of a call while it goes on and at its end.
protocol CallReporter: Sendable {
  /// Before anything is sent.
  func begin(_ method: CallableMethod, metadata: Metadata) throws
  func headers(_ headers: Metadata, peer: String) throws
  /// - Parameter size: Of the message on the wire, in bytes.
  func message(_ message: JSONValue, size: Int) throws
  /// - Parameter details: Nil without any.
  func end(_ end: CallEnd, details: ErrorDetails?) throws
}
