/// Who we are to an etcd with authentication.
public struct EtcdUser: Sendable, Hashable {
  public var name: String
  public var password: String

  public init(name: String, password: String) {
    self.name = name
    self.password = password
  }
}

extension EtcdUser: CustomStringConvertible, CustomDebugStringConvertible {
  /// Without the password, which belongs in no log.
  public var description: String { name }
  public var debugDescription: String { name }
}
