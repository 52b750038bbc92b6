import Foundation

/// A certificate authority with a server and a client, made by `openssl` for one test.
final class Certificates: Sendable {
  /// Whether the server's certificate is for 127.0.0.1.
  let isForLoopback: Bool
  let ca: String
  let serverCertificate: String
  let serverKey: String
  let clientCertificate: String
  let clientKey: String
  private let folder = NSTemporaryDirectory() + "fairlead-certificates-" + UUID().uuidString

  struct Failure: Error {
    let message: String
  }

  /// - Parameter subject: whom the server's certificate is for, as a subject alternative name.
  init(subject: String = "IP:127.0.0.1") throws {
    isForLoopback = subject == "IP:127.0.0.1"
    ca = folder + "/ca.pem"
    serverCertificate = folder + "/server.pem"
    serverKey = folder + "/server.key"
    clientCertificate = folder + "/client.pem"
    clientKey = folder + "/client.key"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", folder + "/ca.key", "-out", ca, "-days", "2", "-subj", "/CN=test CA")
    try sign("server", "subjectAltName=\(subject)\nextendedKeyUsage=serverAuth,clientAuth\n")
    try sign("client", "extendedKeyUsage=clientAuth\n")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func sign(_ name: String, _ extensions: String) throws {
    let base = folder + "/" + name
    try Data(extensions.utf8).write(to: URL(fileURLWithPath: base + ".ext"))
    try Self.openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=\(name)")
    try Self.openssl(
      "x509", "-req", "-in", base + ".csr", "-CA", ca, "-CAkey", folder + "/ca.key",
      "-CAcreateserial", "-out", base + ".pem", "-days", "2", "-extfile", base + ".ext")
  }

  private static func openssl(_ arguments: String...) throws {
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
