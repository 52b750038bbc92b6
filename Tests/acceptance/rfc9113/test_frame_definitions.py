"""RFC 9113 sections 6 and 7: each frame type and the error codes."""

import struct

import pytest

from harness import wire as h2
from harness.conformance import (
    GET,
    POST,
    connection_closes,
    connection_error,
    data_of,
    expect,
    pong,
    priority,
    settings_acknowledged,
    stream_ends,
    stream_error,
)

# 6.1 DATA


def test_6_1_data_on_stream_0(wire):
    wire.data(0, b"test")
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_1_data_after_the_request_has_ended(wire):
    wire.headers(1, POST)
    wire.data(1, b"test")
    stream_error(wire, h2.STREAM_CLOSED)


def test_6_1_padding_longer_than_the_frame(wire):
    wire.headers(1, POST + [("content-length", "4")], end_stream=False)
    wire.frame(h2.DATA, h2.PADDED | h2.END_STREAM, 1, b"\x06Test")
    connection_error(wire, h2.PROTOCOL_ERROR)


# 6.2 HEADERS


def test_6_2_priority_before_the_block_has_ended(wire):
    wire.headers(1, GET, end_stream=False, end_headers=False)
    wire.frame(h2.PRIORITY, 0, 1, priority())
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_2_other_stream_before_the_block_has_ended(wire):
    wire.headers(1, GET, end_stream=False, end_headers=False)
    wire.headers(3, GET)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_2_headers_on_stream_0(wire):
    wire.headers(0, GET)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_2_padding_longer_than_the_frame(wire):
    block = wire.block(GET)
    flags = h2.END_STREAM | h2.END_HEADERS | h2.PADDED
    wire.frame(h2.HEADERS, flags, 1, bytes([len(block) + 2]) + block)
    connection_error(wire, h2.PROTOCOL_ERROR)


# 6.3 PRIORITY


def test_6_3_priority_on_stream_0(wire):
    wire.frame(h2.PRIORITY, 0, 0, priority())
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_3_priority_of_four_octets(wire):
    wire.headers(1, GET, end_stream=False)
    wire.frame(h2.PRIORITY, 0, 1, bytes([128, 0, 0, 1]))
    stream_error(wire, h2.FRAME_SIZE_ERROR)


# 6.4 RST_STREAM


def test_6_4_rst_stream_on_stream_0(wire):
    wire.rst(0)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_4_rst_stream_on_an_idle_stream(wire):
    wire.rst(1)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_4_rst_stream_of_three_octets(wire):
    wire.headers(1, GET, end_stream=False)
    wire.frame(h2.RST_STREAM, 0, 1, bytes(3))
    connection_error(wire, h2.FRAME_SIZE_ERROR)


# 6.5 SETTINGS


def test_6_5_acknowledgement_with_a_payload(wire):
    wire.frame(h2.SETTINGS, h2.ACK, 0, bytes(1))
    connection_error(wire, h2.FRAME_SIZE_ERROR)


def test_6_5_settings_on_a_stream(wire):
    wire.frame(h2.SETTINGS, 0, 1, h2.encode_settings([(h2.MAX_CONCURRENT_STREAMS, 3)]))
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_5_settings_of_three_octets(wire):
    wire.frame(h2.SETTINGS, 0, 0, bytes([0, 3, 0]))
    connection_error(wire, h2.FRAME_SIZE_ERROR)


@pytest.mark.parametrize(
    "identifier, value, code",
    [
        (h2.ENABLE_PUSH, 2, h2.PROTOCOL_ERROR),
        (h2.INITIAL_WINDOW_SIZE, 1 << 31, h2.FLOW_CONTROL_ERROR),
        (h2.MAX_FRAME_SIZE, 16383, h2.PROTOCOL_ERROR),
        (h2.MAX_FRAME_SIZE, 16777216, h2.PROTOCOL_ERROR),
    ],
)
def test_6_5_2_value_out_of_range(wire, identifier, value, code):
    wire.settings((identifier, value))
    connection_error(wire, code)


def test_6_5_2_unknown_setting(wire):
    wire.settings((0xFF, 1))
    wire.ping()
    pong(wire)


def test_6_5_3_the_last_of_repeated_values_counts(wire):
    wire.settings((h2.INITIAL_WINDOW_SIZE, 100), (h2.INITIAL_WINDOW_SIZE, 1))
    settings_acknowledged(wire)
    wire.headers(1, GET)
    data_of(wire, 1)


def test_6_5_3_settings_are_acknowledged(wire):
    wire.settings((h2.ENABLE_PUSH, 0))
    settings_acknowledged(wire)


# 6.7 PING


def test_6_7_ping_is_answered(wire):
    wire.ping(b"abcdefgh")
    pong(wire, b"abcdefgh")


def test_6_7_acknowledgement_is_not_answered(wire):
    wire.ping(b"invalid.", h2.ACK)
    wire.ping(b"expected")
    frame = wire.read_until(lambda f: f.type == h2.PING and f.flags & h2.ACK, "PING with ACK")
    assert frame.payload == b"expected"


def test_6_7_ping_on_a_stream(wire):
    wire.frame(h2.PING, 0, 1, bytes(8))
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_7_ping_of_six_octets(wire):
    wire.frame(h2.PING, 0, 0, bytes(6))
    connection_error(wire, h2.FRAME_SIZE_ERROR)


# 6.8 GOAWAY


def test_6_8_goaway_on_a_stream(wire):
    wire.frame(h2.GOAWAY, 0, 1, struct.pack(">II", 0, 0))
    connection_error(wire, h2.PROTOCOL_ERROR)


@pytest.mark.parametrize("code", [h2.NO_ERROR, 0xFF])
def test_6_8_connection_without_streams_ends_after_goaway(wire, code):
    """The client will open no further stream, so there is nothing left to wait for."""
    wire.goaway(0, code)
    connection_closes(wire)


def test_6_8_stream_is_answered_after_goaway(wire):
    wire.headers(1, POST, end_stream=False)
    wire.goaway(0)
    wire.data(1, b"test")
    stream_ends(wire)
    connection_closes(wire)


# 6.9 WINDOW_UPDATE


def test_6_9_increment_of_0(wire):
    wire.window_update(0, 0)
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_9_increment_of_0_on_a_stream(wire):
    wire.headers(1, GET, end_stream=False)
    wire.window_update(1, 0)
    stream_error(wire, h2.PROTOCOL_ERROR)


def test_6_9_window_update_of_three_octets(wire):
    wire.frame(h2.WINDOW_UPDATE, 0, 0, bytes(3))
    connection_error(wire, h2.FRAME_SIZE_ERROR)


def test_6_9_1_data_keeps_to_a_window_of_1(wire):
    wire.settings((h2.INITIAL_WINDOW_SIZE, 1))
    settings_acknowledged(wire)
    wire.headers(1, GET)
    data_of(wire, 1)


def test_6_9_1_window_of_the_connection_above_its_maximum(wire):
    wire.window_update(0, (1 << 31) - 1)
    wire.window_update(0, (1 << 31) - 1)
    expect(
        wire,
        lambda f: f.type == h2.GOAWAY and f.error_code == h2.FLOW_CONTROL_ERROR,
        "GOAWAY with FLOW_CONTROL_ERROR",
        closing_is_fine=False,
    )


def test_6_9_1_window_of_a_stream_above_its_maximum(wire):
    wire.headers(1, GET, end_stream=False)
    wire.window_update(1, (1 << 31) - 1)
    wire.window_update(1, (1 << 31) - 1)
    expect(
        wire,
        lambda f: f.type == h2.RST_STREAM and f.error_code == h2.FLOW_CONTROL_ERROR,
        "RST_STREAM with FLOW_CONTROL_ERROR",
        closing_is_fine=False,
    )


def test_6_9_2_a_new_initial_window_counts_for_open_streams(wire):
    wire.settings((h2.INITIAL_WINDOW_SIZE, 0))
    settings_acknowledged(wire)
    wire.headers(1, GET)
    wire.settings((h2.INITIAL_WINDOW_SIZE, 1))
    data_of(wire, 1)


def test_6_9_2_a_window_can_become_negative(wire):
    wire.settings((h2.INITIAL_WINDOW_SIZE, 3))
    settings_acknowledged(wire)
    wire.headers(1, GET)
    data_of(wire, 3)
    wire.settings((h2.INITIAL_WINDOW_SIZE, 2))
    settings_acknowledged(wire)
    wire.window_update(1, 2)
    data_of(wire, 1)


def test_6_9_2_initial_window_above_the_maximum(wire):
    wire.settings((h2.INITIAL_WINDOW_SIZE, 0xFFFFFFFF))
    connection_error(wire, h2.FLOW_CONTROL_ERROR)


# 6.10 CONTINUATION


def test_6_10_several_continuations(wire):
    wire.headers(1, GET, end_headers=False)
    wire.frame(h2.CONTINUATION, 0, 1, wire.block([("x-one", "1")]))
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block([("x-two", "2")]))
    wire.read_until(lambda f: f.type == h2.HEADERS and f.stream == 1, "HEADERS")


def test_6_10_other_frame_after_a_continuation(wire):
    wire.headers(1, POST, end_stream=False, end_headers=False)
    wire.frame(h2.CONTINUATION, 0, 1, wire.block([("x-one", "1")]))
    wire.data(1, b"test")
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_10_continuation_on_stream_0(wire):
    wire.headers(1, GET, end_headers=False)
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 0, wire.block([("x-one", "1")]))
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_10_continuation_after_a_complete_block(wire):
    wire.headers(1, POST, end_stream=False)
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block([("x-one", "1")]))
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_10_continuation_after_the_last_continuation(wire):
    wire.headers(1, POST, end_stream=False, end_headers=False)
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block([("x-one", "1")]))
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block([("x-two", "2")]))
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_10_data_inside_a_header_block(wire):
    wire.headers(1, POST, end_stream=False, end_headers=False)
    wire.data(1, b"test")
    wire.frame(h2.CONTINUATION, 0, 1, wire.block([("x-one", "1")]))
    connection_error(wire, h2.PROTOCOL_ERROR)


def test_6_10_continuation_after_data(wire):
    wire.headers(1, POST, end_stream=False)
    wire.data(1, b"test", end_stream=False)
    wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1, wire.block([("x-one", "1")]))
    connection_error(wire, h2.PROTOCOL_ERROR)


# 7 Error codes: unknown ones have no special meaning.


def test_7_goaway_with_an_unknown_code(wire):
    wire.goaway(0, 0xFF)
    wire.ping()
    expect(wire, lambda f: f.type == h2.PING and f.flags & h2.ACK, "PING with ACK or the end")


def test_7_rst_stream_with_an_unknown_code(wire):
    wire.headers(1, GET, end_stream=False)
    wire.rst(1, 0xFF)
    wire.ping()
    pong(wire)
