import FairleadReflectionProtocol
import Foundation
import GRPCCore

extension ReflectionIndex {
  /// The answer to one question of a reflection stream.
  ///
  /// What is not known is answered with an error message *in* the stream: the stream goes on.
  func answer(
    _ question: Grpc_Reflection_V1_ServerReflectionRequest
  ) -> Grpc_Reflection_V1_ServerReflectionResponse {
    .with { response in
      response.validHost = question.host
      response.originalRequest = question
      response.messageResponse = self.messageResponse(to: question)
    }
  }

  private typealias Answer = Grpc_Reflection_V1_ServerReflectionResponse.OneOf_MessageResponse

  private func messageResponse(
    to question: Grpc_Reflection_V1_ServerReflectionRequest
  ) -> Answer {
    switch question.messageRequest {
    case .listServices:
      return .listServicesResponse(
        .with { list in
          list.service = self.services.map { name in .with { $0.name = name } }
        }
      )

    case .fileByFilename(let name):
      return self.answer(self.files(named: name), about: "file '\(name)'")

    case .fileContainingSymbol(let symbol):
      return self.answer(self.files(declaring: symbol), about: "symbol '\(symbol)'")

    case .fileContainingExtension(let wanted):
      return self.answer(
        self.files(extending: wanted.containingType, at: wanted.extensionNumber),
        about: "extension \(wanted.extensionNumber) of '\(wanted.containingType)'"
      )

    case .allExtensionNumbersOfType(let type):
      guard let numbers = self.extensionNumbers(of: type) else {
        return self.unknown("message '\(type)'")
      }
      return .allExtensionNumbersResponse(
        .with {
          $0.baseTypeName = type
          $0.extensionNumber = numbers
        }
      )

    case nil:
      return self.failure(.invalidArgument, "The reflection request asks for nothing.")
    }
  }

  private func answer(_ files: [Data]?, about what: String) -> Answer {
    guard let files else { return self.unknown(what) }
    return .fileDescriptorResponse(.with { $0.fileDescriptorProto = files })
  }

  private func unknown(_ what: String) -> Answer {
    self.failure(.notFound, "This server knows no \(what).")
  }

  private func failure(_ code: Status.Code, _ message: String) -> Answer {
    .errorResponse(
      .with {
        $0.errorCode = Int32(code.rawValue)
        $0.errorMessage = message
      }
    )
  }
}
