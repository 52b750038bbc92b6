import Hummingbird

/// Puts a ``PageSource`` behind Hummingbird: one request in, one answer out.
struct PageResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let pages: any PageSource

  func respond(to request: Request, context: Context) async -> Response {
    let answer = await pages.answer(
      PageRequest(
        method: request.method.rawValue,
        path: request.uri.path,
        query: PageQuery(parsing: request.uri.query ?? ""),
        accept: request.headers[.accept]))
    let response = Self.response(answer)
    return request.method == .head ? response.createHeadResponse() : response
  }

  private static func response(_ answer: PageAnswer) -> Response {
    // Labels and addresses come from other people's YAML: no browser may guess that they are a page.
    var headers: HTTPFields = [
      .contentType: answer.contentType,
      .xContentTypeOptions: "nosniff",
      .cacheControl: "no-store",
    ]
    headers[.allow] = answer.allow
    headers[.retryAfter] = answer.retryAfter.map { "\($0)" }
    return Response(
      status: .init(code: answer.status),
      headers: headers,
      body: .init(byteBuffer: ByteBuffer(string: answer.body)))
  }
}
