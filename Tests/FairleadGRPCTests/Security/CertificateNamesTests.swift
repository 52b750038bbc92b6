import Testing

@testable import FairleadGRPC

@Suite("The names of a certificate")
struct CertificateNamesTests {
  private func allows(_ names: [String], _ name: String, hasAddresses: Bool = true) -> Bool {
    CertificateNames(names: names, hasAddresses: hasAddresses).allow(name)
  }

  @Test("allow the name itself, however it is written")
  func equal() {
    for name in ["pods.example", "PODS.example", "pods.example."] {
      #expect(allows(["other.example", "Pods.Example"], name))
    }
    #expect(allows(["pods.example."], "pods.example"))
    #expect(!allows(["other.example"], "pods.example"))
    #expect(!allows(["pods.example"], "a.pods.example"))
    #expect(!allows(["a.pods.example"], "pods.example"))
  }

  @Test("allow any first label where there is an asterisk for it, and no other")
  func wildcard() {
    #expect(allows(["*.pods.example"], "a.pods.example"))
    for name in [
      "pods.example", ".pods.example", "a.b.pods.example", "apods.example", "xn--a.pods.example",
    ] {
      #expect(!allows(["*.pods.example"], name), "\(name)")
    }
    for pattern in ["*", "*.", "a*.pods.example", "a.*.example", "**.pods.example"] {
      #expect(!allows([pattern], "ab.pods.example"), "\(pattern)")
    }
  }

  @Test("are none where there are addresses only")
  func addresses() {
    #expect(!allows([], "pods.example"))
    #expect(!allows([], ""))
  }

  @Test("are compared by NIOSSL where there are no addresses")
  func noAddresses() {
    #expect(allows([], "pods.example", hasAddresses: false))
  }
}
