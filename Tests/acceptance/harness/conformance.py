"""What the conformance cases send and what they accept.

A connection error is a GOAWAY with the right code, or the end of the connection (RFC 9113 section
5.4.1 only says that GOAWAY should come first). A stream error may be raised to a connection error
(section 5.4.2).
"""

import struct
import time

from harness import wire as h2
from harness.wire import Closed, Silent

GET = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "echo:8080")]
POST = [(":method", "POST"), *GET[1:]]


def expect(wire, accepted, what, closing_is_fine=True):
    """Reads until `accepted(frame)`; closing counts as well unless told otherwise."""
    until = time.monotonic() + wire.deadline
    try:
        while not accepted(wire.read(until)):
            pass
    except Closed:
        assert closing_is_fine, f"wanted {what}, the connection closed; saw {wire.story()}"
    except Silent:
        raise AssertionError(f"wanted {what}, nothing came; saw {wire.story()}") from None


def connection_error(wire, *codes):
    expect(
        wire,
        lambda f: f.type == h2.GOAWAY and f.error_code in codes,
        f"GOAWAY with one of {codes} or the end of the connection",
    )


def stream_error(wire, *codes):
    expect(
        wire,
        lambda f: f.type in (h2.GOAWAY, h2.RST_STREAM) and f.error_code in codes,
        f"RST_STREAM or GOAWAY with one of {codes} or the end of the connection",
    )


def connection_closes(wire):
    expect(wire, lambda f: False, "the end of the connection")


def stream_ends(wire, stream=1):
    expect(wire, lambda f: f.stream == stream and f.ends_stream, "END_STREAM", False)


def answer(wire, stream=1):
    expect(wire, lambda f: f.type == h2.HEADERS and f.stream == stream, "HEADERS", False)


def pong(wire, payload=b"fairlead"):
    expect(
        wire,
        lambda f: f.type == h2.PING and f.flags & h2.ACK and f.payload == payload,
        "PING with ACK",
        False,
    )


def data_of(wire, length, stream=1):
    """The first DATA frame has exactly this length."""
    frame = wire.read_until(lambda f: f.type == h2.DATA and f.stream == stream, "DATA")
    assert len(frame.payload) == length, wire.story()


def settings_acknowledged(wire):
    expect(wire, lambda f: f.type == h2.SETTINGS and f.flags & h2.ACK, "SETTINGS with ACK", False)


def priority(dependency=0, weight=255, exclusive=False):
    """The five octets of a PRIORITY payload."""
    return struct.pack(">IB", dependency | (0x80000000 if exclusive else 0), weight)


def filler(count, size=100):
    """`count` header fields of `size` octets each."""
    return [(f"x-filler-{index}", "x" * size) for index in range(count)]
