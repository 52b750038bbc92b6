import FairleadDescriptors

/// A method with what its messages are written and read with.
package struct CallableMethod: Sendable {
  package let method: MethodDescriptor
  /// Of the pool that the method is from.
  package let codec: MessageCodec

  package init(method: MethodDescriptor, codec: MessageCodec) {
    self.method = method
    self.codec = codec
  }
}
