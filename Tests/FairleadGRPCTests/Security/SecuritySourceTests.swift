import FairleadTestSupport
import Foundation
import Testing

@testable import FairleadGRPC

@Suite("What cannot be used for TLS")
struct SecuritySourceTests {
  private func refusal(_ tls: ClientSecurity.TLS) -> String? {
    do throws(SecurityError) {
      _ = try SecuritySource(.tls(tls))
      return nil
    } catch {
      return error.message
    }
  }

  @Test("is a file that does not exist")
  func missing() throws {
    let path = NSTemporaryDirectory() + "fairlead-no-such-file.pem"
    #expect(
      refusal(ClientSecurity.TLS(trustRoots: .file(path)))
        == "The authorities' certificate cannot be read, \(path): no such file or directory; check "
        + "the path and its permissions.")
    #expect(
      refusal(
        ClientSecurity.TLS(identity: .files(certificateChain: path, privateKey: path)))?
        .hasPrefix("The client's certificate cannot be read, \(path)") == true)
  }

  @Test("is a file that is no PEM")
  func notPEM() throws {
    let authority = try TestAuthority()
    let own = try authority.issue("client")
    let path = authority.folder + "/text.pem"
    try write(Array("hello".utf8), to: path)
    #expect(
      refusal(ClientSecurity.TLS(trustRoots: .file(path)))
        == "The authorities' certificate is not valid PEM, \(path); write its certificates there, "
        + "whole.")
    #expect(
      refusal(
        ClientSecurity.TLS(
          identity: .files(certificateChain: own.certificate, privateKey: path)))
        == "The client's private key is not valid PEM, \(path); write the key there, whole.")
    // A folder is none, either.
    #expect(
      refusal(ClientSecurity.TLS(trustRoots: .file(authority.folder)))?
        .hasPrefix("The authorities' certificate cannot be read, \(authority.folder)") == true)
  }

  @Test("is a file beyond the limit")
  func tooLarge() throws {
    let authority = try TestAuthority()
    let path = authority.folder + "/large.pem"
    try write([UInt8](repeating: 0x0A, count: SecurityFile.sizeLimit + 1), to: path)
    #expect(
      refusal(ClientSecurity.TLS(trustRoots: .file(path)))?.contains("is larger than") == true)
    // White space around a certificate is none of its business, up to the limit.
    let certificate = try content(of: authority.certificate)
    let space = [UInt8](repeating: 0x0A, count: SecurityFile.sizeLimit - certificate.count)
    try write(certificate + space, to: path)
    #expect(refusal(ClientSecurity.TLS(trustRoots: .file(path))) == nil)
  }

  @Test("is a certificate beside another's key, or beside a key with a passphrase")
  func wrongKey() throws {
    let authority = try TestAuthority()
    let (one, other) = (try authority.issue("one"), try authority.issue("other"))
    #expect(
      refusal(
        ClientSecurity.TLS(
          identity: .files(certificateChain: one.certificate, privateKey: other.key)))
        == "The client's certificate does not go with its private key, \(one.certificate) and "
        + "\(other.key); name the key that the certificate was made for.")
    let locked = authority.folder + "/locked.key"
    try TestAuthority.openssl(
      ["pkcs8", "-topk8", "-in", one.key, "-out", locked, "-passout", "pass:secret"])
    #expect(
      refusal(
        ClientSecurity.TLS(
          identity: .files(certificateChain: one.certificate, privateKey: locked)))
        == "The client's private key has a passphrase, \(locked); store it without one.")
  }

  @Test("is a name that no server can have")
  func impossibleName() throws {
    let security = try SecuritySource(.tls).current()
    for name in ["a\0b", String(repeating: "a", count: 256)] {
      #expect(throws: SecurityError.self) {
        try security.makeHandlers(serverName: name, server: "10.0.0.1:80")
      }
    }
    for name in ["::1", "10.0.0.1", "greeter", ""] {
      #expect(try !security.makeHandlers(serverName: name, server: "10.0.0.1:80").isEmpty)
    }
  }

  @Test("Secrets are in no description, mirror or error")
  func secrets() throws {
    let authority = try TestAuthority()
    let own = try authority.issue("client")
    let key = try content(of: own.key)
    let security = ClientSecurity.tls(
      ClientSecurity.TLS(
        identity: ClientSecurity.Identity(
          certificateChain: .bytes(try content(of: own.certificate)), privateKey: .bytes(key))))
    var dumped = ""
    dump(security, to: &dumped)
    let source = try SecuritySource(security)
    dump(source.current(), to: &dumped)
    let texts = [
      "\(security)", String(reflecting: security), String(describing: Mirror(reflecting: security)),
      dumped, String(reflecting: PEM.bytes(key)),
    ]
    // The key's numbers as an array would be written, and its text.
    let traces = [
      key.prefix(12).map { "\($0)" }.joined(separator: ", "),
      "\(key.count) elements",
      String(decoding: key, as: UTF8.self).split(separator: "\n")[1].prefix(20).description,
    ]
    for text in texts {
      for trace in traces { #expect(!text.contains(trace)) }
    }
    #expect(
      "\(security)"
        == "TLS trusting the system's authorities with the certificate of "
        + "\(try content(of: own.certificate).count) bytes of PEM")
  }
}
