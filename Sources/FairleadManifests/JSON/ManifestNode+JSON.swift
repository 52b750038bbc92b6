import Foundation

extension ManifestNode {
  /// Reads the bytes of one JSON value, which has no places in a file.
  ///
  /// Of a key that is there twice the last value counts, as for an API server. Whatever the bytes are, the answer is a value
  /// or a ``JSONProblem``.
  package init(json bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONProblem) {
    guard bytes.count <= limits.size else {
      throw JSONProblem("The JSON text has \(bytes.count) bytes; at most \(limits.size) are read.")
    }
    guard JSONNesting.depth(of: bytes, isAtMost: limits.depth) else {
      throw JSONProblem("The JSON text nests lists and objects more than \(limits.depth) deep.")
    }
    do {
      let value = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      self = Self(converting: value)
    } catch {
      throw JSONProblem("The bytes are not valid JSON: \(Self.reason(error)).")
    }
  }

  private init(converting value: Any) {
    self.init(Self.content(of: value), mark: .none)
  }

  /// Recurses no deeper than the limit that was checked. Types are compared before values are cast, as a cast that fails
  /// takes longest.
  private static func content(of value: Any) -> Content {
    let type = type(of: value)
    if type == String.self, let text = value as? String { return .string(text) }
    if type == [String: Any].self, let object = value as? [String: Any] {
      return .mapping(
        object.map {
          Field(key: $0.key, keyMark: .none, value: ManifestNode(converting: $0.value))
        })
    }
    if type == [Any].self, let list = value as? [Any] {
      return .sequence(list.map(ManifestNode.init(converting:)))
    }
    return (value as? NSNumber).map(content(of:)) ?? .null
  }

  /// By the C type it was read into: a boolean is not a number, and `1.0` is not a whole one.
  private static func content(of number: NSNumber) -> Content {
    switch UInt8(bitPattern: number.objCType.pointee) {
    case UInt8(ascii: "c"), UInt8(ascii: "B"): .bool(number.boolValue)
    case UInt8(ascii: "i"), UInt8(ascii: "q"), UInt8(ascii: "s"), UInt8(ascii: "l"):
      .int(number.intValue)
    default: .float(number.doubleValue)
    }
  }

  private static func reason(_ error: any Error) -> String {
    let text = (error as NSError).userInfo["NSDebugDescription"] as? String
    return printable((text ?? "it cannot be parsed").prefix { $0 != "." })
  }
}
