/// What a picker is made from; another picker is needed only if this differs.
enum PickerContent: Sendable, Equatable {
  case wait
  case fail(PickFailure)
  case ready([Entry])

  struct Entry: Sendable, Equatable {
    var id: SubchannelID
    var endpoint: Endpoint
  }
}
