import Foundation

/// A certificate authority with a folder of its own, made by `openssl` for one test.
package final class TestAuthority: Sendable {
  /// A certificate and its key, as paths.
  package struct Issued: Sendable {
    package var certificate: String
    package var key: String
  }

  package struct Failure: Error {
    package var message: String
  }

  /// What ``openssl(_:)`` makes keys with: fast, and what servers use today.
  private static let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

  /// Its own certificate, as a path.
  package let certificate: String
  /// For other files of the test; gone with the authority.
  package let folder: String

  package init(_ name: String = "test CA") throws {
    folder = NSTemporaryDirectory() + "fairlead-authority-" + UUID().uuidString
    certificate = folder + "/ca.pem"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.openssl(
      ["req", "-x509", "-keyout", folder + "/ca.key", "-out", certificate, "-days", "2"]
        + ["-subj", "/CN=\(name)"] + Self.key)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Signs a certificate for a server or a client.
  ///
  /// - Parameters:
  ///   - file: what its files are called.
  ///   - subject: a subject alternative name.
  ///   - usage: what it may be used for.
  ///   - days: how long it is valid from now; negative for one that has expired.
  package func issue(
    _ file: String, subject: String = "IP:127.0.0.1", usage: String = "serverAuth,clientAuth",
    days: Int = 2
  ) throws -> Issued {
    let base = folder + "/" + file
    let extensions = "subjectAltName=\(subject)\nextendedKeyUsage=\(usage)\n"
    try Data(extensions.utf8).write(to: URL(fileURLWithPath: base + ".ext"))
    try Self.openssl(
      ["req", "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=\(file)"] + Self.key)
    try Self.openssl(
      ["x509", "-req", "-in", base + ".csr", "-CA", certificate, "-CAkey", folder + "/ca.key"]
        + ["-CAcreateserial", "-out", base + ".pem", "-days", "\(days)"]
        + ["-extfile", base + ".ext"])
    return Issued(certificate: base + ".pem", key: base + ".key")
  }

  package static func openssl(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let output = Pipe()
    process.standardError = output
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: text) }
  }
}
