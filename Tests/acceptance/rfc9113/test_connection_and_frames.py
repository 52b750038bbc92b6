"""RFC 9113 sections 3 to 5: the preface, frames, header blocks, stream states, extensions."""

import pytest

from harness import wire as h2
from harness.conformance import (
    GET,
    POST,
    answer,
    connection_closes,
    connection_error,
    expect,
    filler,
    pong,
    priority,
    stream_ends,
    stream_error,
)


def test_3_4_first_frame_of_the_server_is_settings(bare):
    bare.send(h2.PREFACE)
    bare.frame(h2.SETTINGS)
    assert bare.read().type == h2.SETTINGS


def test_3_4_invalid_preface(bare):
    bare.send(b"INVALID CONNECTION PREFACE\r\n\r\n")
    connection_error(bare, h2.PROTOCOL_ERROR)


def test_3_4_preface_without_settings(bare):
    bare.send(h2.PREFACE)
    bare.ping()
    connection_error(bare, h2.PROTOCOL_ERROR)


def test_4_1_unknown_frame_type(wire):
    wire.frame(0x16, 0, 0, bytes(8))
    wire.ping()
    pong(wire)


def test_4_1_undefined_flags(wire):
    wire.frame(h2.PING, 0x16, 0, b"fairlead")
    pong(wire)


def test_4_1_reserved_bit(wire):
    wire.frame(h2.PING, 0, 0x80000000, b"fairlead")
    pong(wire)


def test_4_2_data_of_the_greatest_size(wire):
    wire.headers(1, POST, end_stream=False)
    wire.data(1, bytes(16384))
    answer(wire)


def test_4_2_data_beyond_the_greatest_size(wire):
    wire.headers(1, POST, end_stream=False)
    wire.data(1, bytes(wire.peer_max_frame_size + 1))
    stream_error(wire, h2.FRAME_SIZE_ERROR)


def test_4_2_headers_beyond_the_greatest_size(wire):
    wire.headers(1, GET + filler(5, wire.peer_max_frame_size))
    connection_error(wire, h2.FRAME_SIZE_ERROR)


@pytest.mark.parametrize("block", [b"\x00\x01a\x7fb", b"\x40"], ids=["value", "name"])
def test_4_3_header_block_that_ends_too_early(wire, block):
    wire.raw_headers(1, block)
    connection_error(wire, h2.COMPRESSION_ERROR)


def test_4_3_other_frame_inside_a_header_block(wire):
    wire.headers(1, GET, end_headers=False)
    wire.frame(h2.PRIORITY, 0, 1, priority())
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_4_3_headers_of_another_stream_inside_a_header_block(wire):
    wire.headers(1, GET, end_headers=False)
    wire.headers(3, GET)
    connection_error(wire, h2.PROTOCOL_ERROR)


# 5.1, idle: anything but HEADERS and PRIORITY is a connection error.


def test_5_1_idle_data(wire):
    wire.data(1, b"test")
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_5_1_idle_rst_stream(wire):
    wire.rst(1)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_5_1_idle_window_update(wire):
    wire.window_update(1, 100)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_5_1_idle_continuation(wire):
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block(GET))
    connection_error(wire, h2.PROTOCOL_ERROR)


# 5.1, half-closed (remote): a stream error of type STREAM_CLOSED.


def test_5_1_half_closed_data(wire):
    wire.headers(1, GET)
    wire.data(1, b"test")
    stream_error(wire, h2.STREAM_CLOSED)


def test_5_1_half_closed_headers(wire):
    wire.headers(1, GET)
    wire.headers(1, GET)
    stream_error(wire, h2.STREAM_CLOSED)


def test_5_1_half_closed_continuation(wire):
    wire.headers(1, GET)
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block(GET))
    stream_error(wire, h2.STREAM_CLOSED, h2.PROTOCOL_ERROR)


# 5.1, closed by RST_STREAM.


def test_5_1_reset_data(wire):
    wire.headers(1, GET, end_stream=False)
    wire.rst(1)
    wire.data(1, b"test")
    stream_error(wire, h2.STREAM_CLOSED)


def test_5_1_reset_headers(wire):
    wire.headers(1, GET, end_stream=False)
    wire.rst(1)
    wire.headers(1, GET)
    stream_error(wire, h2.STREAM_CLOSED)


def test_5_1_reset_continuation(wire):
    wire.headers(1, GET, end_stream=False)
    wire.rst(1)
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block([("x-dummy", "x")]))
    stream_error(wire, h2.STREAM_CLOSED, h2.PROTOCOL_ERROR)


# 5.1, closed by END_STREAM on both sides.


def test_5_1_closed_data(wire):
    wire.headers(1, GET)
    stream_ends(wire)
    wire.data(1, b"test")
    connection_error(wire, h2.STREAM_CLOSED)


def test_5_1_closed_headers(wire):
    wire.headers(1, GET)
    stream_ends(wire)
    wire.headers(1, GET)
    connection_error(wire, h2.STREAM_CLOSED)


def test_5_1_closed_continuation(wire):
    wire.headers(1, GET)
    stream_ends(wire)
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block([("x-dummy", "x")]))
    connection_error(wire, h2.STREAM_CLOSED, h2.PROTOCOL_ERROR)


def test_5_1_1_even_stream_identifier(wire):
    wire.headers(2, GET)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_5_1_1_smaller_stream_identifier(wire):
    wire.headers(5, GET)
    wire.headers(3, GET)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_5_1_1_stream_identifier_of_a_half_closed_stream(wire):
    wire.headers(5, GET)
    wire.headers(5, GET)
    stream_error(wire, h2.STREAM_CLOSED)


@pytest.mark.parametrize("ended", [False, True], ids=["open", "half-closed"])
def test_5_1_2_more_streams_than_allowed(wire, ended):
    limit = wire.peer_settings.get(h2.MAX_CONCURRENT_STREAMS)
    if limit is None or limit > 10_000:
        pytest.skip("the peer sets no limit on streams")
    # No window, so that no stream can end before the last has been opened.
    wire.settings((h2.INITIAL_WINDOW_SIZE, 0))
    for index in range(limit + 1):
        wire.headers(1 + 2 * index, GET if ended else POST, end_stream=ended)
    stream_error(wire, h2.PROTOCOL_ERROR, h2.REFUSED_STREAM)


def test_5_3_1_headers_that_depend_on_themselves(wire):
    flags = h2.END_STREAM | h2.END_HEADERS | h2.PRIORITY_FLAG
    wire.frame(h2.HEADERS, flags, 1, priority(dependency=1) + wire.block(GET))
    stream_error(wire, h2.PROTOCOL_ERROR)


def test_5_3_1_priority_that_depends_on_itself(wire):
    wire.frame(h2.PRIORITY, 0, 1, priority(dependency=1))
    stream_error(wire, h2.PROTOCOL_ERROR)


def test_5_4_1_connection_closes_after_an_error(wire):
    wire.frame(h2.PING, 0, 3, bytes(8))
    connection_closes(wire)


def test_5_4_1_goaway_comes_before_the_end(wire):
    wire.frame(h2.PING, 0, 3, bytes(8))
    expect(wire, lambda f: f.type == h2.GOAWAY, "GOAWAY", closing_is_fine=False)


def test_5_5_unknown_frame_type_on_a_connection(wire):
    wire.frame(0xFF, 0xFF, 0, b"anything")
    wire.ping()
    pong(wire)


def test_5_5_unknown_frame_type_inside_a_header_block(wire):
    wire.headers(1, GET, end_headers=False)
    wire.frame(0xFF, 0, 1, bytes(8))
    connection_error(wire, h2.PROTOCOL_ERROR)
