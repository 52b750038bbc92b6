import FairleadDescriptors
import FairleadGRPC
import FairleadReflectionProtocol
import Foundation
import GRPCCore
import SwiftProtobuf

/// Learns by reflection all files that a symbol needs: says what to ask next for each answer.
///
/// Servers differ: some answer with a file and all of its imports, some with the file alone, and some do
/// not know files by the names that imports have. A pure value.
struct ReflectionInquiry: Sendable {
  typealias Question = Grpc_Reflection_V1_ServerReflectionRequest
  typealias Answer = Grpc_Reflection_V1_ServerReflectionResponse
  typealias File = Google_Protobuf_FileDescriptorProto

  /// How a server says that it does not describe a symbol.
  struct Refusal: Sendable, Hashable {
    let code: Status.Code?
    let message: String

    init(_ response: Grpc_Reflection_V1_ErrorResponse) {
      self.code = Status.Code(rawValue: Int(response.errorCode))
      self.message = response.errorMessage
    }

    /// Whether there is no such symbol; else the server does not want to say, or cannot.
    var isAbsence: Bool { self.code == .notFound || self.code == .invalidArgument }

    /// `PERMISSION_DENIED: not for you`.
    var words: String {
      let name = self.code?.canonicalName ?? "an unknown error"
      return self.message.isEmpty ? name : "\(name): \(String(self.message.prefix(500)))"
    }
  }

  /// Nil while the server did not refuse.
  private(set) var refusal: Refusal?
  /// By name.
  private(set) var files: [String: File]

  private let limits: ReflectionLimits
  /// Of all descriptions that the server has sent.
  private(set) var bytes: Int
  private var begin: [Question]
  /// In the order of the questions, which is that of the answers.
  private var waiting: [Question] = []
  private var answered = 0
  private var askedFiles: Set<String> = []
  private var askedMessages: Set<String> = []
  private var askedExtensions = 0

  /// - Parameters:
  ///   - symbol: A full name.
  ///   - files: What is known already.
  ///   - bytes: How much was sent for that.
  init(
    symbol: String, files: [String: File] = [:], bytes: Int = 0,
    limits: ReflectionLimits = .init()
  ) {
    self.files = files
    self.bytes = bytes
    self.limits = limits
    self.begin = [.with { $0.fileContainingSymbol = symbol }]
  }

  /// All is answered.
  var isOver: Bool { self.begin.isEmpty && self.answered == self.waiting.count }

  /// The first question.
  mutating func start() -> [Question] {
    defer { self.begin = [] }
    self.waiting += self.begin
    return self.begin
  }

  /// - Returns: What to ask now.
  /// - Throws: When the answer is none, or too much.
  mutating func received(_ answer: Answer) throws(DescriptorProblem) -> [Question] {
    guard self.answered < self.waiting.count else {
      throw DescriptorProblem("The server answers by reflection what it was not asked.")
    }
    let question = self.waiting[self.answered]
    self.answered += 1
    var next: [Question] = []
    switch answer.messageResponse {
    case .fileDescriptorResponse(let response):
      next = try self.add(response.fileDescriptorProto)
    case .allExtensionNumbersResponse(let response):
      next = self.extensions(response.extensionNumber, of: question.allExtensionNumbersOfType)
    case .errorResponse(let response):
      // Any other file or extension may not be needed; if it is, the pool says so.
      if case .fileContainingSymbol? = question.messageRequest {
        self.refusal = Refusal(response)
      }
    case .listServicesResponse, nil:
      throw DescriptorProblem("The server answers by reflection something else than it was asked.")
    }
    self.waiting += next
    return next
  }

  private mutating func add(_ serialized: [Data]) throws(DescriptorProblem) -> [Question] {
    var news: [File] = []
    for data in serialized {
      self.bytes += data.count
      guard self.bytes <= self.limits.bytes else {
        throw DescriptorProblem(
          "The server describes its services with more than \(self.limits.bytes >> 20) MiB; give "
            + "--proto or --protoset.")
      }
      let file = try DescriptorPool.file(serialized: [UInt8](data))
      guard self.files[file.name] == nil else { continue }
      guard self.files.count < self.limits.files else {
        throw DescriptorProblem(
          "The server describes its services with more than \(self.limits.files) files; give --proto "
            + "or --protoset.")
      }
      self.files[file.name] = file
      news.append(file)
    }
    return self.questions(about: news)
  }

  private mutating func questions(about news: [File]) -> [Question] {
    var questions: [Question] = []
    for name in DescriptorPool.missingImports(of: news) where self.files[name] == nil {
      // A file more than allowed would be refused anyhow.
      guard self.askedFiles.count <= self.limits.files else { break }
      if self.askedFiles.insert(name).inserted {
        questions.append(.with { $0.fileByFilename = name })
      }
    }
    for file in news {
      for name in file.extensibleMessages where self.askedMessages.insert(name).inserted {
        guard self.askedMessages.count <= self.limits.extendedMessages else { break }
        questions.append(.with { $0.allExtensionNumbersOfType = name })
      }
    }
    return questions
  }

  private mutating func extensions(_ numbers: [Int32], of message: String) -> [Question] {
    var questions: [Question] = []
    for number in numbers where self.askedExtensions < self.limits.extensions {
      self.askedExtensions += 1
      questions.append(
        .with {
          $0.fileContainingExtension = .with {
            $0.containingType = message
            $0.extensionNumber = number
          }
        })
    }
    return questions
  }
}
