import FairleadBalancing

/// A place for one stream on one connection. Given back once, by ``ChannelMachine/release(_:now:)``.
struct Lease<Child: Sendable>: Sendable {
  let connection: ConnectionID
  let child: Child
  /// The counters of the endpoint, in which the call has begun.
  let load: EndpointLoad
}
