extension StatusCode {
  /// What a response without a gRPC status means (gRPC's HTTP to gRPC status code mapping).
  init(httpStatus: Int) {
    switch httpStatus {
    case 400: self = .internalError
    case 401: self = .unauthenticated
    case 403: self = .permissionDenied
    case 404: self = .unimplemented
    case 429, 502, 503, 504: self = .unavailable
    case _: self = .unknown
    }
  }
}
