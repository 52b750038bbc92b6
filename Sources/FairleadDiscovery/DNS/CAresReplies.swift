import CCAres
import Foundation

/// Reads the answers of c-ares.
enum CAresReplies {
  static func v4(_ answer: CAresAnswer) -> DNSReply<String> {
    reply(answer) { bytes, length in
      // More than a message of that length can hold.
      var count = length / 12 + 1
      var records = [ares_addrttl](repeating: ares_addrttl(), count: Int(count))
      let status = ares_parse_a_reply(bytes, length, nil, &records, &count)
      let addresses = records.prefix(Int(max(0, count))).map { record in
        var address = record.ipaddr
        var text = [CChar](repeating: 0, count: 64)
        inet_ntop(AF_INET, &address, &text, 64)
        return self.text(text)
      }
      return (status, status == CAresStatus.success ? addresses : [])
    }
  }

  static func v6(_ answer: CAresAnswer) -> DNSReply<String> {
    reply(answer) { bytes, length in
      var count = length / 12 + 1
      var records = [ares_addr6ttl](repeating: ares_addr6ttl(), count: Int(count))
      let status = ares_parse_aaaa_reply(bytes, length, nil, &records, &count)
      let addresses = records.prefix(Int(max(0, count))).map { record in
        var address = record.ip6addr
        var text = [CChar](repeating: 0, count: 64)
        inet_ntop(AF_INET6, &address, &text, 64)
        return self.text(text)
      }
      return (status, status == CAresStatus.success ? addresses : [])
    }
  }

  static func services(_ answer: CAresAnswer) -> DNSReply<DNSService> {
    reply(answer) { bytes, length in
      var list = fairlead_services_ref(bitPattern: 0)
      let status = ares_parse_srv_reply(bytes, length, &list)
      defer { ares_free_data(list) }
      var services: [DNSService] = []
      var next = list
      while let service = next {
        services.append(
          DNSService(
            host: service.pointee.host.map { String(cString: $0) } ?? "",
            port: Int(service.pointee.port), priority: Int(service.pointee.priority),
            weight: Int(service.pointee.weight)))
        next = service.pointee.next
      }
      return (status, services)
    }
  }

  private static func reply<Record>(
    _ answer: CAresAnswer, _ parse: ([UInt8], Int32) -> (status: Int32, records: [Record])
  ) -> DNSReply<Record> {
    var status = answer.status
    var records: [Record] = []
    if status == CAresStatus.success {
      (status, records) = parse(answer.bytes, Int32(answer.bytes.count))
    }
    switch status {
    case CAresStatus.success where !records.isEmpty:
      return .records(records, ttl: .seconds(DNSMessage.minimumTTL(answer.bytes) ?? 0))
    case CAresStatus.success, CAresStatus.noData: return .noRecords
    case CAresStatus.notFound: return .noSuchName
    default: return .failed(CAresSession.reason(status))
    }
  }

  /// Up to the zero byte that ends it.
  static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
