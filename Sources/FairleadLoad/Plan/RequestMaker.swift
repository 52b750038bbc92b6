import FairleadDescriptors

/// Makes the messages of calls from what the user wrote as data.
///
/// The data are JSON values, one after the other or in a list, in a template. Of a method that takes one message they are
/// taken in turn, one for each call; of one that takes a stream all of them are sent in each call.
package struct RequestMaker: Sendable {
  private let template: RequestTemplate
  private let method: MethodDescriptor
  private let codec: MessageCodec
  private let sources: TemplateSources

  /// - Parameter data: What the user wrote; empty for one message without fields, or a stream without messages.
  /// - Throws: ``LoadFailure`` for a template with words that are not known.
  package init(
    data: String, method: MethodDescriptor, codec: MessageCodec, sources: TemplateSources
  ) throws(LoadFailure) {
    template = try RequestTemplate(parsing: data)
    self.method = method
    self.codec = codec
    self.sources = sources
  }

  /// - Throws: ``LoadFailure`` for data that are not JSON or do not fit the method's request.
  package func payload() throws(LoadFailure) -> LoadRequest.Payload {
    let first = try messages(for: LoadTurn(number: 0, slot: 0))
    guard template.varies else {
      return .variants(method.isClientStreaming ? [Array(first.joined())] : first)
    }
    guard !method.isClientStreaming, let records = try records(first.count) else {
      return .made { turn in
        let messages = try messages(for: turn)
        return method.isClientStreaming
          ? Array(messages.joined()) : messages[turn.number % messages.count]
      }
    }
    return .made { turn in
      let record = records[turn.number % records.count]
      if let message = record.message { return message }
      return try message(
        of: try Self.values(of: record.template.text(for: turn, sources: sources))[0])
    }
  }

  /// The records by themselves, so that a call makes but the one that it sends; with its message if that is always the same.
  ///
  /// - Returns: `nil` if they are not those that all of the data make.
  private func records(
    _ count: Int
  ) throws(LoadFailure) -> [(template: RequestTemplate, message: [UInt8]?)]? {
    var records: [(template: RequestTemplate, message: [UInt8]?)] = []
    for template in template.records() {
      let text = template.text(for: LoadTurn(number: 0, slot: 0), sources: sources)
      let values = try Self.values(of: text)
      guard values.count == 1 else { return nil }
      records.append((template, template.varies ? nil : try message(of: values[0])))
    }
    return records.count == count ? records : nil
  }

  /// Whether data can be right, of whatever method.
  ///
  /// - Throws: ``LoadFailure`` for a template with words that are not known, and for what is no JSON.
  package static func check(data: String) throws(LoadFailure) {
    let text = try RequestTemplate(parsing: data)
      .text(for: LoadTurn(number: 0, slot: 0), sources: .sample)
    _ = try values(of: text)
  }

  /// Each with gRPC's five bytes; at least one, unless the method takes a stream.
  private func messages(for turn: LoadTurn) throws(LoadFailure) -> [[UInt8]] {
    var values = try Self.values(of: template.text(for: turn, sources: sources))
    if values.isEmpty, !method.isClientStreaming { values = [.object([])] }
    if values.count == 1, case .array(let items) = values[0] { values = items }
    guard !values.isEmpty || method.isClientStreaming else {
      throw LoadFailure("The data are a list without messages, and \(method.name) takes one.")
    }
    var messages: [[UInt8]] = []
    for value in values { messages.append(try message(of: value)) }
    return messages
  }

  private func message(of value: JSONValue) throws(LoadFailure) -> [UInt8] {
    do throws(CodecProblem) {
      return LoadRequest.framed(try codec.encode(value, as: method.request))
    } catch {
      throw LoadFailure("The data do not fit \(method.request.fullName): \(error)")
    }
  }

  private static func values(of text: [UInt8]) throws(LoadFailure) -> [JSONValue] {
    var values: [JSONValue] = []
    do throws(JSONProblem) {
      var reader = JSONReader(text)
      while let value = try reader.next() { values.append(value) }
    } catch {
      throw LoadFailure("The data cannot be read: \(error)")
    }
    return values
  }
}
