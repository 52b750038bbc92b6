/// What etcd said that is no error of a call.
enum EtcdProblem: Error, Sendable, Hashable {
  /// Our own side is not in order: a file of certificates that cannot be read.
  case configuration(String)
  /// A watch was ended by the server, with its reason.
  case watchEnded(String)
  /// The lease is not there any more.
  case leaseLost
  /// An answer that etcd does not give.
  case unexpected(String)
}
