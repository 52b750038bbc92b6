/// What the servers said to one question.
enum DNSReply<Record: Sendable>: Sendable {
  /// With the least time to live of what led to them.
  case records([Record], ttl: Duration)
  /// The name is there, and has no such records.
  case noRecords
  case noSuchName
  /// No answer, with the reason as c-ares words it.
  case failed(String)
}

/// One server of a service, as an SRV record (RFC 2782) names it.
struct DNSService: Sendable, Hashable {
  var host: String
  var port: Int
  /// The lower the sooner; only the lowest is used.
  var priority: Int
  var weight: Int
}

/// What both questions for addresses were answered.
struct DNSAddresses: Sendable {
  var v4: DNSReply<String>
  var v6: DNSReply<String>
}
