import CCAres
import Foundation

extension CAresSession {
  func addresses(of name: String) -> DNSAddresses {
    let answers = ask(name, for: [.a, .aaaa])
    return DNSAddresses(v4: CAresReplies.v4(answers[0]), v6: CAresReplies.v6(answers[1]))
  }

  func services(of name: String) -> DNSReply<DNSService> {
    CAresReplies.services(ask(name, for: [.srv])[0])
  }

  func hostsFile(_ name: String) -> [String] {
    guard usesHostsFile else { return [] }
    var addresses: [String] = []
    for family in [AF_INET, AF_INET6] {
      var host = fairlead_host_ref(bitPattern: 0)
      guard ares_gethostbyname_file(channel, name, family, &host) == CAresStatus.success, let host
      else {
        continue
      }
      defer { ares_free_hostent(host) }
      var index = 0
      while let address = host.pointee.h_addr_list[index] {
        var text = [CChar](repeating: 0, count: 64)
        if inet_ntop(host.pointee.h_addrtype, address, &text, 64) != nil {
          addresses.append(CAresReplies.text(text))
        }
        index += 1
      }
    }
    return addresses
  }

  /// Asks all at once, and waits until each has its answer or the time for it is over.
  private func ask(_ name: String, for types: [RecordType]) -> [CAresAnswer] {
    let questions = types.map { fairlead_ask(channel, name, $0.rawValue) }
    while questions.contains(where: { $0.map { $0.pointee.done == 0 } ?? false }) {
      if isCancelled() {
        // Ends each question that is open.
        ares_cancel(channel)
        break
      }
      fairlead_turn(channel, Self.turn)
    }
    return questions.map { question in
      defer { fairlead_forget(question) }
      return question.map(CAresAnswer.init) ?? CAresAnswer(status: CAresStatus.noMemory)
    }
  }

  /// By their numbers in RFC 1035, 3596 and 2782.
  private enum RecordType: Int32 {
    case a = 1
    case aaaa = 28
    case srv = 33
  }
}
