/// Where one lookup puts its questions. Blocks; used by one thread.
protocol DNSSession {
  var search: DNSSearch { get }
  /// The addresses of a name that the machine's own list of hosts has; empty if it has none.
  func hostsFile(_ name: String) -> [String]
  /// Asks for A and AAAA at the same time.
  func addresses(of name: String) -> DNSAddresses
  /// Asks for SRV.
  func services(of name: String) -> DNSReply<DNSService>
}
