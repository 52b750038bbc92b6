import GRPCCore
import Testing

@testable import fairlead

struct MetadataTextTests {
  private let metadata: Metadata = {
    var metadata: Metadata = [
      ":status": "200", "Authorization": "Bearer secret", "x-a": "1\u{1B}[2J", "x-a": "2",
    ]
    metadata.addBinary([1, 2], forKey: "b-bin")
    return metadata
  }()

  @Test("Secrets are hidden, bytes are in base64, controls are escaped")
  func lines() {
    #expect(
      MetadataText(self.metadata, showsSecrets: false).lines == [
        "Authorization: [hidden]", #"x-a: 1\u{1b}[2J"#, "x-a: 2", "b-bin: AQI=",
      ])
    #expect(
      MetadataText(self.metadata, showsSecrets: true).lines.first == "Authorization: Bearer secret")
  }

  @Test(
    "Names that say so have secret values",
    arguments: [
      "authorization", "Authorization-bin", "proxy-authorization", "Set-Cookie", "x-vault-token",
      "private-token", "x-csrf-token", "x-client-secret", "x-api-key", "apikey", "x-goog-api-key",
      "x-amz-signature", "x-password",
    ])
  func secrets(name: String) {
    #expect(MetadataText.isSecret(name))
  }

  @Test(
    "Other names have not",
    arguments: ["x-request-id", "grpc-trace-bin", "traceparent", "x-pod", "www-authenticate"])
  func noSecrets(name: String) {
    #expect(!MetadataText.isSecret(name))
  }

  @Test("Values of one name are together")
  func byName() {
    let names = MetadataText(self.metadata, showsSecrets: false).byName
    #expect(names.map(\.name) == ["Authorization", "x-a", "b-bin"])
    #expect(names[1].values.count == 2)
  }
}
