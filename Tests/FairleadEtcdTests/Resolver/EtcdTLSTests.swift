import FairleadDiscovery
import FairleadEtcd
import FairleadTestSupport
import Foundation
import Testing

@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(if: RealEtcd.isInstalled, "etcd is not installed (Debian: etcd-server, etcd-client)."))
struct EtcdTLSTests {
  private func options(_ tls: EtcdTLS?) -> EtcdOptions {
    var options = quickEtcd()
    options.tls = tls
    return options
  }

  /// What the first word about a target is.
  private func first(_ target: String, _ options: EtcdOptions) async throws -> Resolution? {
    let resolver = try etcdResolver(target, options)
    return try await running(resolver) { await resolution(of: resolver) { _ in true } }
  }

  @Test("a server that demands a client certificate gets one, by a target that says nothing of TLS")
  func mutual() async throws {
    let certificates = try Certificates()
    let etcd = try await RealEtcd(certificates: certificates)
    try etcd.control("put", "greeter/1", "10.0.0.1:80")
    let files = EtcdTLS(
      caFile: certificates.ca, certificateFile: certificates.clientCertificate,
      keyFile: certificates.clientKey)
    let found = try await first("etcd://\(etcd.address)/greeter", options(files))
    #expect(found?.failure == nil)
    #expect(found?.addresses == ["10.0.0.1:80"])
  }

  @Test("what is wrong with certificates is said")
  func refused() async throws {
    let certificates = try Certificates()
    let strangers = try Certificates()
    let etcd = try await RealEtcd(certificates: certificates)
    let target = "etcd://\(etcd.address)/greeter"
    func message(_ tls: EtcdTLS?) async throws -> String {
      try await first(target, options(tls))?.failure?.message ?? "none"
    }
    let start = "The etcd server \(etcd.address) cannot be spoken to in TLS: "
    #expect(
      try await message(
        EtcdTLS(
          caFile: strangers.ca, certificateFile: certificates.clientCertificate,
          keyFile: certificates.clientKey))
        == start
        + "its certificate is not signed by the CA that we trust; check the CA certificate.")
    #expect(
      try await message(EtcdTLS(caFile: certificates.ca))
        == start
        + "it does not accept our client certificate; check the certificate and its key.")
    #expect(
      try await message(nil)
        == "The etcd server \(etcd.address) closed the connection; if it wants TLS, write https:// "
        + "or give the CA certificate.")
    #expect(
      try await message(EtcdTLS(caFile: "/nowhere/ca.pem"))
        == "No TLS to the etcd server \(etcd.address): the file /nowhere/ca.pem cannot be read; "
        + "check the path.")
    #expect(
      try await message(EtcdTLS(caFile: certificates.serverKey)).hasPrefix(
        start + "a file of certificates that we are given holds none in PEM"))
    #expect(
      try await message(
        EtcdTLS(
          caFile: certificates.ca, certificateFile: certificates.clientCertificate,
          keyFile: certificates.clientCertificate)
      ).hasPrefix(start + "the file of the client certificate's key holds none in PEM"))
  }

  @Test("a certificate for another address is refused")
  func otherName() async throws {
    let certificates = try Certificates(subject: "IP:127.0.0.9")
    let etcd = try await RealEtcd(certificates: certificates)
    let files = EtcdTLS(
      caFile: certificates.ca, certificateFile: certificates.clientCertificate,
      keyFile: certificates.clientKey)
    let found = try await first("etcd://\(etcd.address)/greeter", options(files))
    #expect(
      found?.failure?.message
        == "The etcd server \(etcd.address) cannot be spoken to in TLS: its certificate is for "
        + "another name; check the address.")
  }

  @Test("TLS to a server of plain text, nobody at all and a name that is none are told apart")
  func noTLS() async throws {
    let etcd = try await RealEtcd()
    let plain = try await first("etcd://\(etcd.address)/greeter", options(EtcdTLS()))
    let message = plain?.failure?.message ?? ""
    // A server that closes with something left to read resets the connection, and the handshake may not see more.
    #expect(
      message.contains("if it speaks plain text") || message.contains("Connection reset"),
      "\(message)")
    etcd.kill()
    let nobody = try await first("etcd://\(etcd.address)/greeter", options(nil))
    #expect(
      nobody?.failure?.message
        == "The etcd server \(etcd.address) cannot be reached: Connection refused; check that it "
        + "runs and the address.")
    let unknown = try await first("etcd://no-such-host.invalid:2379/greeter", options(nil))
    #expect(
      unknown?.failure?.message
        == "The etcd server no-such-host.invalid:2379 cannot be found: its host name has no "
        + "address; check it.")
  }
}
