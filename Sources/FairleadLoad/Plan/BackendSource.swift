/// What tells who answered a call.
package enum BackendSource: Sendable {
  /// The address at the other end of the connection.
  case peer
  /// A header of the response, or a trailer, by its name in lower case.
  case header(String)
  /// A field of the first message of the reply.
  case field(ReplyField)

  /// As a report names it: `peer`, `header x-pod`, `field pod`.
  package var description: String {
    switch self {
    case .peer: "peer"
    case .header(let name): "header \(name)"
    case .field(let field): "field \(field.path.joined(separator: "."))"
    }
  }

  var isPeer: Bool {
    switch self {
    case .peer: true
    case .header, .field: false
    }
  }
}
