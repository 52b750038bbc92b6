"""gRPC calls on raw frames, for what a gRPC library hides or refuses to send."""

import struct
from dataclasses import dataclass, field

from harness import wire as h2


def request(authority="echo:8080", path="/acceptance.Echo/Unary", extra=()):
    """The header fields of a gRPC call."""
    return [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", authority),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        *extra,
    ]


def message(octets):
    """A gRPC message with its prefix of five octets."""
    return b"\0" + struct.pack(">I", len(octets)) + octets


@dataclass
class Reply:
    """What came back on a stream until it ended."""

    heads: list = field(default_factory=list)
    body: bytes = b""
    reset_code: int | None = None

    @property
    def head(self):
        """The fields of the first header block; repeated ones keep their last value."""
        return dict(self.heads[0]) if self.heads else {}

    @property
    def last(self):
        """The fields of the last header block: trailers, or the head of a Trailers-Only answer."""
        return dict(self.heads[-1]) if self.heads else {}

    @property
    def grpc_status(self):
        value = self.last.get("grpc-status")
        return None if value is None else int(value)


def read_reply(wire, stream=1):
    """Reads one stream to its end, giving back what it consumes of the connection's window."""
    reply = Reply()
    while True:
        frame = wire.read_until(
            lambda f: f.stream == stream and f.type in (h2.HEADERS, h2.DATA, h2.RST_STREAM),
            f"the end of stream {stream}",
        )
        if frame.type == h2.RST_STREAM:
            reply.reset_code = frame.error_code
            return reply
        if frame.type == h2.DATA:
            reply.body += frame.payload
            if frame.payload:
                wire.window_update(0, len(frame.payload))
                if not frame.ends_stream:
                    wire.window_update(stream, len(frame.payload))
        else:
            reply.heads.append(wire.rest_of_block(frame))
        if frame.ends_stream:
            return reply


def call(wire, stream=1, body=b"hello", **fields):
    """One unary call from start to end; the body has to fit into the first window."""
    wire.headers(stream, request(**fields), end_stream=False)
    octets = message(body)
    for start in range(0, len(octets), 16384):
        last = start + 16384 >= len(octets)
        wire.data(stream, octets[start : start + 16384], end_stream=last)
    return read_reply(wire, stream)
