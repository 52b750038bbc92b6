import CCAres

/// Questions by way of c-ares: servers, time-outs, second tries, and TCP when an answer is cut short
/// are its business. Used by one thread, for one lookup, so that each one goes by the resolv.conf of
/// its time.
final class CAresSession: DNSSession {
  let search: DNSSearch
  let channel: ares_channel
  let usesHostsFile: Bool
  let isCancelled: () -> Bool

  /// How long a cancelled lookup goes on at most, in milliseconds.
  static let turn: Int32 = 50
  private static let isReady = ares_library_init(ARES_LIB_INIT_ALL) == CAresStatus.success

  /// - Parameters:
  ///   - server: whom to ask, as `IP:PORT`; those of resolv.conf if `nil`.
  ///   - isCancelled: asked again and again while we wait.
  init(
    server: String?, options: DNSOptions, isCancelled: @escaping () -> Bool
  ) throws(ResolutionFailure) {
    var settings = ares_options()
    let milliseconds = options.queryTimeout / .milliseconds(1)
    settings.timeout = Int32(min(max(milliseconds, 1), 60_000))
    settings.tries = Int32(min(max(options.attempts, 1), 10))
    var channel: ares_channel?
    let mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES
    var status =
      Self.isReady ? ares_init_options(&channel, &settings, mask) : CAresStatus.notInitialized
    guard status == CAresStatus.success, let channel else {
      throw ResolutionFailure(.unreachable, "DNS cannot be used: \(Self.reason(status)).")
    }
    if let server { status = ares_set_servers_ports_csv(channel, server) }
    guard status == CAresStatus.success else {
      ares_destroy(channel)
      throw ResolutionFailure(.malformed, "The DNS server \(server ?? "") is no address.")
    }
    self.channel = channel
    self.isCancelled = isCancelled
    usesHostsFile = server == nil
    search = Self.search(of: channel)
  }

  deinit {
    ares_destroy(channel)
  }

  private static func search(of channel: ares_channel) -> DNSSearch {
    var settings = ares_options()
    var mask: Int32 = 0
    guard ares_save_options(channel, &settings, &mask) == CAresStatus.success else {
      return DNSSearch()
    }
    defer { ares_destroy_options(&settings) }
    let domains = (0..<Int(settings.ndomains)).compactMap { index in
      settings.domains?[index].map { String(cString: $0) }
    }
    return DNSSearch(ndots: Int(settings.ndots), domains: domains)
  }

  static func reason(_ status: Int32) -> String {
    String(cString: ares_strerror(status))
  }
}
