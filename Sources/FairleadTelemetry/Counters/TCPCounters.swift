/// Connections balanced as they come, and the bytes they carried.
package struct TCPCounters: Sendable, Hashable {
  /// Connections that were given to an endpoint and opened.
  package private(set) var opened: UInt64 = 0
  package private(set) var closed: UInt64 = 0
  /// Bytes from the client to the endpoint.
  package private(set) var bytesReceived: UInt64 = 0
  /// Bytes from the endpoint to the client.
  package private(set) var bytesSent: UInt64 = 0

  package init() {}

  /// Connections that are open.
  package var active: UInt64 { opened > closed ? opened - closed : 0 }

  package mutating func connectionOpened() {
    opened &+= 1
  }

  package mutating func connectionClosed() {
    closed &+= 1
  }

  /// Bytes moved since this was last called for the connection.
  package mutating func transferred(received: Int, sent: Int) {
    bytesReceived &+= UInt64(max(0, received))
    bytesSent &+= UInt64(max(0, sent))
  }

  package static func += (total: inout TCPCounters, other: TCPCounters) {
    total.opened &+= other.opened
    total.closed &+= other.closed
    total.bytesReceived &+= other.bytesReceived
    total.bytesSent &+= other.bytesSent
  }
}
