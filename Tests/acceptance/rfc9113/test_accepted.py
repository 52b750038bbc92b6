"""What every HTTP/2 server has to accept (RFC 9113 sections 3, 5, 6 and 8)."""

import pytest

from harness import wire as h2
from harness.conformance import (
    GET,
    POST,
    answer,
    data_of,
    expect,
    pong,
    priority,
    stream_ends,
)


def test_3_4_client_preface(bare):
    bare.send(h2.PREFACE)
    bare.frame(h2.SETTINGS)
    bare.finish_handshake()


def test_5_1_priority_on_an_idle_stream(wire):
    wire.frame(h2.PRIORITY, 0, 1, priority())
    wire.ping()
    pong(wire)


def test_5_1_window_update_on_a_half_closed_stream(wire):
    wire.settings((h2.INITIAL_WINDOW_SIZE, 0))
    wire.headers(1, GET)
    wire.window_update(1, 1)
    data_of(wire, 1)


def test_5_1_priority_on_a_half_closed_stream(wire):
    wire.settings((h2.INITIAL_WINDOW_SIZE, 0))
    wire.headers(1, GET)
    wire.frame(h2.PRIORITY, 0, 1, priority())
    wire.window_update(1, 1)
    data_of(wire, 1)


def test_5_1_rst_stream_on_a_half_closed_stream(wire):
    wire.headers(1, GET)
    wire.rst(1)
    wire.ping()
    pong(wire)


def test_5_1_priority_on_a_closed_stream(wire):
    wire.headers(1, GET)
    stream_ends(wire)
    wire.frame(h2.PRIORITY, 0, 1, priority())
    wire.ping()
    pong(wire)


def test_6_1_data(wire):
    wire.headers(1, POST, end_stream=False)
    wire.data(1, b"test")
    answer(wire)


def test_6_1_several_data_frames(wire):
    wire.headers(1, POST, end_stream=False)
    wire.data(1, b"test", end_stream=False)
    wire.data(1, b"test")
    answer(wire)


def test_6_1_padded_data(wire):
    wire.headers(1, POST, end_stream=False)
    wire.frame(h2.DATA, h2.PADDED | h2.END_STREAM, 1, b"\x06test" + bytes(6))
    answer(wire)


def test_6_2_headers(wire):
    wire.headers(1, GET)
    answer(wire)


def test_6_2_padded_headers(wire):
    flags = h2.END_STREAM | h2.END_HEADERS | h2.PADDED
    wire.frame(h2.HEADERS, flags, 1, b"\x06" + wire.block(GET) + bytes(6))
    answer(wire)


def test_6_2_headers_with_priority(wire):
    flags = h2.END_STREAM | h2.END_HEADERS | h2.PRIORITY_FLAG
    wire.frame(h2.HEADERS, flags, 1, priority() + wire.block(GET))
    answer(wire)


@pytest.mark.parametrize(
    "stream, payload",
    [
        (1, priority(weight=0)),
        (1, priority(weight=255)),
        (3, priority(dependency=1)),
        (1, priority(exclusive=True)),
        (3, priority()),
    ],
    ids=["weight-1", "weight-256", "dependency", "exclusive", "higher-idle-stream"],
)
def test_6_3_priority(wire, stream, payload):
    wire.frame(h2.PRIORITY, 0, stream, payload)
    wire.headers(1, GET)
    answer(wire)


def test_6_4_rst_stream(wire):
    wire.headers(1, GET, end_stream=False)
    wire.rst(1)
    wire.ping()
    pong(wire)


def test_6_5_settings(wire):
    wire.settings((h2.MAX_CONCURRENT_STREAMS, 100))
    wire.read_until(lambda f: f.type == h2.SETTINGS and f.flags & h2.ACK, "SETTINGS with ACK")


def test_6_7_ping(wire):
    wire.ping(b"12345678")
    pong(wire, b"12345678")


def test_6_8_goaway(wire):
    """The client will send nothing more: the server may answer, and may close."""
    wire.goaway(0)
    wire.ping()
    expect(wire, lambda f: f.type == h2.PING and f.flags & h2.ACK, "PING with ACK or the end")


def test_6_9_window_update_of_the_connection(wire):
    wire.window_update(0, 1)
    wire.headers(1, GET)
    answer(wire)


def test_6_9_window_update_of_a_stream(wire):
    wire.headers(1, POST, end_stream=False)
    wire.window_update(1, 1)
    wire.data(1, b"test")
    answer(wire)


@pytest.mark.parametrize("pieces", [1, 3])
def test_6_10_continuation(wire, pieces):
    block = wire.block(GET + [("x-filler", "x" * 100)])
    step = len(block) // (pieces + 1)
    wire.frame(h2.HEADERS, h2.END_STREAM, 1, block[:step])
    for piece in range(1, pieces):
        wire.frame(h2.CONTINUATION, 0, 1, block[step * piece : step * (piece + 1)])
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, block[step * pieces :])
    answer(wire)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_8_1_request_without_a_body(wire, method):
    wire.headers(1, [(":method", method), *GET[1:]])
    answer(wire)


def test_8_1_post(wire):
    wire.headers(1, POST, end_stream=False)
    wire.data(1, b"test")
    answer(wire)


def test_8_1_post_with_trailers(wire):
    wire.headers(1, POST + [("trailer", "x-test")], end_stream=False)
    wire.data(1, b"test", end_stream=False)
    wire.headers(1, [("x-test", "ok")])
    answer(wire)


def test_8_3_asterisk_path_of_options(wire):
    wire.headers(1, [(":method", "OPTIONS"), (":scheme", "http"), (":path", "*"), GET[3]])
    answer(wire)


def test_8_3_host_field_beside_authority(wire):
    wire.headers(1, GET + [("host", "echo:8080")])
    answer(wire)


def test_8_2_cookies_in_several_fields(wire):
    wire.headers(1, GET + [("cookie", "a=1"), ("cookie", "b=2")])
    answer(wire)


def test_8_2_2_te_trailers(wire):
    wire.headers(1, GET + [("te", "trailers")])
    answer(wire)


def test_8_1_1_matching_content_length(wire):
    wire.headers(1, POST + [("content-length", "8")], end_stream=False)
    wire.data(1, b"test", end_stream=False)
    wire.data(1, b"test")
    answer(wire)
