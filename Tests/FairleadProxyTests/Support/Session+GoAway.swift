import CNGHTTP2

@testable import FairleadHTTP2

extension Session {
  /// A GOAWAY that leaves out streams that were received, as a server sends that has not looked at them.
  func goAway(last: Int32) {
    nghttp2_submit_goaway(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), max(0, last), 0, nil, 0)
    needsSend()
  }
}
