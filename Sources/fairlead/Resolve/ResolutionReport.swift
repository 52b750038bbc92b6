import FairleadBalancing
import FairleadDiscovery

/// A resolution as JSON.
struct ResolutionReport: Encodable {
  struct Place: Encodable {
    var address: String
    var name: String
    var readiness: String
    var weight: Int
    var region: String?
    var zone: String?
    var subzone: String?
    var labels: [String: String]
  }

  struct Failure: Encodable {
    var kind: String
    var message: String
  }

  var target: String
  /// RFC 3339; of a change.
  var time: String?
  /// Of the answer.
  var ageMilliseconds: Int?
  var failure: Failure?
  var endpoints: [Place]

  init(target: String, resolution: Resolution, age: Duration?, time: String?) {
    self.target = target
    self.time = time
    ageMilliseconds = age.map { Int($0 / .milliseconds(1)) }
    failure = resolution.failure.map { Failure(kind: $0.kind.rawValue, message: $0.message) }
    endpoints = resolution.endpoints.map { resolved in
      let (endpoint, place) = (resolved.endpoint, resolved.endpoint.locality)
      func known(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
      return Place(
        address: endpoint.address.description, name: endpoint.name,
        readiness: resolved.readiness.rawValue, weight: endpoint.weight,
        region: known(place?.region), zone: known(place?.zone), subzone: known(place?.subzone),
        labels: endpoint.labels)
    }
  }
}
