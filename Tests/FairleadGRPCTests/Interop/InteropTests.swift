import Testing

/// The behaviours that gRPC's interoperability tests name, and those next to them, over every transport.
///
/// One after the other: many of them send more in a moment than a busy machine can take from all at once.
@Suite("Interop", .serialized)
enum InteropTests {}
