"""RFC 9113 section 8: malformed requests. Each is a stream error of type PROTOCOL_ERROR."""

import pytest

from harness import wire as h2
from harness.conformance import GET, POST, answer, connection_error, stream_error

METHOD, SCHEME, PATH, AUTHORITY = GET


def test_8_1_second_headers_without_end_stream(wire):
    wire.headers(1, POST, end_stream=False)
    wire.headers(1, POST, end_stream=False)
    stream_error(wire, h2.PROTOCOL_ERROR)


MALFORMED = {
    "8.2 uppercase field name": [*GET, ("X-TEST", "ok")],
    "8.2.1 space in a field name": [*GET, ("x test", "ok")],
    "8.2.1 control character in a field name": [*GET, ("x\x01test", "ok")],
    "8.2.1 colon in a field name": [*GET, ("x:test", "ok")],
    "8.2.1 empty field name": [*GET, ("", "ok")],
    "8.2.1 NUL in a value": [*GET, ("x-test", "o\0k")],
    "8.2.1 line feed in a value": [*GET, ("x-test", "o\nk")],
    "8.2.1 carriage return in a value": [*GET, ("x-test", "o\rk")],
    "8.2.2 connection": [*GET, ("connection", "keep-alive")],
    "8.2.2 keep-alive": [*GET, ("keep-alive", "timeout=5")],
    "8.2.2 proxy-connection": [*GET, ("proxy-connection", "keep-alive")],
    "8.2.2 transfer-encoding": [*GET, ("transfer-encoding", "chunked")],
    "8.2.2 upgrade": [*GET, ("upgrade", "h2c")],
    "8.2.2 te other than trailers": [*GET, ("trailers", "test"), ("te", "trailers, deflate")],
    "8.3 unknown pseudo-header": [*GET, (":test", "ok")],
    "8.3 pseudo-header of a response": [*GET, (":status", "200")],
    "8.3 pseudo-header after a field": [METHOD, SCHEME, PATH, ("x-test", "ok"), AUTHORITY],
    "8.3.1 empty path": [METHOD, SCHEME, (":path", ""), AUTHORITY],
    "8.3.1 no method": [SCHEME, PATH, AUTHORITY],
    "8.3.1 no scheme": [METHOD, PATH, AUTHORITY],
    "8.3.1 no path": [METHOD, SCHEME, AUTHORITY],
    "8.3.1 two methods": [*GET, METHOD],
    "8.3.1 two schemes": [*GET, SCHEME],
    "8.3.1 two paths": [*GET, PATH],
    "8.3.1 two authorities": [*GET, AUTHORITY],
}


@pytest.mark.parametrize("fields", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_request(wire, fields):
    wire.headers(1, fields)
    stream_error(wire, h2.PROTOCOL_ERROR)


def test_malformed_request_does_not_harm_the_next_stream(wire):
    wire.headers(1, [*GET, ("connection", "keep-alive")])
    wire.headers(3, GET)
    answer(wire, 3)


@pytest.mark.parametrize("fields", [[(":method", "POST")], [("x-test", "ok"), (":status", "200")]])
@pytest.mark.parametrize("ended", [True, False])
def test_8_3_pseudo_header_in_trailers(wire, fields, ended):
    wire.headers(1, POST, end_stream=False)
    wire.data(1, b"test", end_stream=False)
    wire.headers(1, fields, end_stream=ended)
    stream_error(wire, h2.PROTOCOL_ERROR)


@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize("length", ["1", "100"])
def test_8_1_1_content_length_that_is_not_the_sum_of_data(wire, pieces, length):
    wire.headers(1, POST + [("content-length", length)], end_stream=False)
    for piece in range(pieces):
        wire.data(1, b"test", end_stream=piece == pieces - 1)
    stream_error(wire, h2.PROTOCOL_ERROR)


def test_8_1_1_content_length_without_data(wire):
    wire.headers(1, POST + [("content-length", "4")])
    stream_error(wire, h2.PROTOCOL_ERROR)


def test_8_4_push_promise_from_a_client(wire):
    block = wire.block(GET)
    wire.frame(h2.PUSH_PROMISE, h2.END_HEADERS, 1, b"\0\0\0\x03" + block)
    connection_error(wire, h2.PROTOCOL_ERROR)
