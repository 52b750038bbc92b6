"""HTTP/2 by hand: frames as they go over the wire, valid or not, and the header codec.

Nothing here keeps the rules of RFC 9113 on its own account, because the suites have to break them.
"""

import socket
import struct
import time
from dataclasses import dataclass

import hpack

from harness.processes import HOST

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS = 0, 1, 2, 3, 4
PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 5, 6, 7, 8, 9
TYPE_NAMES = (
    "DATA HEADERS PRIORITY RST_STREAM SETTINGS PUSH_PROMISE PING GOAWAY WINDOW_UPDATE CONTINUATION"
).split()

END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
PRIORITY_FLAG = 0x20

HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS = 1, 2, 3
INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE = 4, 5, 6

NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR = 0, 1, 2, 3
SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM = 4, 5, 6, 7
CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM = 8, 9, 10, 11


@dataclass
class Frame:
    """One frame as it was read."""

    type: int
    flags: int
    stream: int
    payload: bytes
    fields: list | None = None  # of the header block that this frame completes

    @property
    def error_code(self):
        """The code of a RST_STREAM or GOAWAY frame."""
        offset = 4 if self.type == GOAWAY else 0
        return struct.unpack_from(">I", self.payload, offset)[0]

    @property
    def last_stream(self):
        """The last stream id of a GOAWAY frame."""
        return struct.unpack_from(">I", self.payload)[0] & 0x7FFFFFFF

    @property
    def ends_stream(self):
        return self.type in (DATA, HEADERS) and bool(self.flags & END_STREAM)

    def __str__(self):
        name = TYPE_NAMES[self.type] if self.type < len(TYPE_NAMES) else f"type {self.type}"
        code = f" code {self.error_code}" if self.type in (RST_STREAM, GOAWAY) else ""
        return (
            f"{name}(stream {self.stream}, flags {self.flags:#x}, {len(self.payload)} octets{code})"
        )


class Closed(Exception):
    """The peer has closed the connection."""


class Silent(Exception):
    """Nothing came before the deadline."""


def encode_frame(type, flags=0, stream=0, payload=b"", length=None):
    """The octets of a frame. `length` overrides what the length field says."""
    size = len(payload) if length is None else length
    return struct.pack(">I", size)[1:] + bytes([type, flags]) + struct.pack(">I", stream) + payload


def encode_settings(settings):
    """The payload of a SETTINGS frame from (identifier, value) pairs; order and repeats are kept."""
    return b"".join(struct.pack(">HI", identifier, value) for identifier, value in settings)


class Wire:
    """One side of a connection, seen as frames."""

    def __init__(self, connected, deadline=2.0):
        self.socket = connected
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.decoder.max_allowed_table_size = 1 << 16
        self.peer_settings = {}
        self.seen = []
        self.deadline = deadline
        self._input = bytearray()
        self._block = b""

    @classmethod
    def connect(cls, port, deadline=2.0):
        """Opens a TCP connection and says nothing yet. `deadline` bounds each later wait, in seconds."""
        return cls(socket.create_connection((HOST, port), timeout=5), deadline)

    @classmethod
    def client(cls, port, settings=(), deadline=2.0):
        """Opens a connection, and exchanges prefaces and SETTINGS with both acknowledgements."""
        wire = cls.connect(port, deadline)
        wire.send(PREFACE)
        wire.frame(SETTINGS, payload=encode_settings(settings))
        wire.finish_handshake()
        return wire

    def finish_handshake(self):
        """Reads the peer's SETTINGS and acknowledges them, and waits for the acknowledgement of ours."""
        waiting = {"settings", "acknowledgement"}
        while waiting:
            frame = self.read()
            if frame.type != SETTINGS:
                continue
            if frame.flags & ACK:
                waiting.discard("acknowledgement")
            else:
                for offset in range(0, len(frame.payload), 6):
                    identifier, value = struct.unpack_from(">HI", frame.payload, offset)
                    self.peer_settings[identifier] = value
                self.frame(SETTINGS, ACK)
                waiting.discard("settings")

    @property
    def peer_max_frame_size(self):
        return self.peer_settings.get(MAX_FRAME_SIZE, 16384)

    # Writing. A peer may have closed already, which a case then sees when it reads.

    def send(self, octets):
        """Sends as much as the peer takes; a closed connection is not an error here."""
        try:
            self.socket.settimeout(self.deadline)
            self.socket.sendall(octets)
            return True
        except OSError:
            return False

    def frame(self, type, flags=0, stream=0, payload=b"", length=None):
        return self.send(encode_frame(type, flags, stream, payload, length))

    def block(self, fields):
        """A header block for the fields, with the connection's own compression state."""
        return self.encoder.encode(fields)

    def headers(self, stream, fields, end_stream=True, end_headers=True, extra_flags=0):
        flags = (
            (END_STREAM if end_stream else 0) | (END_HEADERS if end_headers else 0) | extra_flags
        )
        return self.frame(HEADERS, flags, stream, self.block(fields))

    def raw_headers(self, stream, block, end_stream=True):
        flags = END_HEADERS | (END_STREAM if end_stream else 0)
        return self.frame(HEADERS, flags, stream, block)

    def data(self, stream, octets, end_stream=True):
        return self.frame(DATA, END_STREAM if end_stream else 0, stream, octets)

    def rst(self, stream, code=CANCEL):
        return self.frame(RST_STREAM, 0, stream, struct.pack(">I", code))

    def window_update(self, stream, increment):
        return self.frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))

    def settings(self, *pairs):
        return self.frame(SETTINGS, 0, 0, encode_settings(pairs))

    def goaway(self, last_stream, code=NO_ERROR):
        return self.frame(GOAWAY, 0, 0, struct.pack(">II", last_stream, code))

    def ping(self, payload=b"fairlead", flags=0):
        return self.frame(PING, flags, 0, payload)

    # Reading.

    def read(self, until=None):
        """The next frame. Raises `Closed` at the end of the connection, `Silent` at the deadline."""
        until = until or time.monotonic() + self.deadline
        while True:
            if len(self._input) >= 9:
                length = int.from_bytes(self._input[:3], "big")
                if len(self._input) >= 9 + length:
                    frame = Frame(
                        self._input[3],
                        self._input[4],
                        int.from_bytes(self._input[5:9], "big") & 0x7FFFFFFF,
                        bytes(self._input[9 : 9 + length]),
                    )
                    del self._input[: 9 + length]
                    self.seen.append(frame)
                    if frame.type in (HEADERS, CONTINUATION):
                        self._take_block(frame)
                    return frame
            self._fill(until)

    def _take_block(self, frame):
        """Decodes every header block in the order of its coming, read by somebody or not, because
        the header table of the connection depends on all of them."""
        fragment = frame.payload
        if frame.type == HEADERS:
            self._block = b""
            if frame.flags & PADDED:
                fragment = fragment[1 : len(fragment) - fragment[0]]
            if frame.flags & PRIORITY_FLAG:
                fragment = fragment[5:]
        self._block += fragment
        if frame.flags & END_HEADERS:
            frame.fields = self.decoder.decode(self._block)

    def _fill(self, until):
        left = until - time.monotonic()
        if left <= 0:
            raise Silent(self.story())
        self.socket.settimeout(left)
        try:
            octets = self.socket.recv(65536)
        except TimeoutError:
            raise Silent(self.story()) from None
        except OSError:
            raise Closed(self.story()) from None
        if not octets:
            raise Closed(self.story())
        self._input += octets

    def read_until(self, wanted, what="a frame"):
        """The first frame for which `wanted` is true; fails with everything seen when there is none."""
        until = time.monotonic() + self.deadline
        try:
            while True:
                frame = self.read(until)
                if wanted(frame):
                    return frame
        except Closed:
            raise AssertionError(f"wanted {what}, the peer closed; saw {self.story()}") from None
        except Silent:
            raise AssertionError(f"wanted {what}, nothing came; saw {self.story()}") from None

    def rest_of_block(self, frame):
        """The fields of the header block that begins with this HEADERS frame."""
        if frame.fields is None:
            frame = self.read_until(lambda f: f.fields is not None, "CONTINUATION")
        return frame.fields

    def story(self):
        """What has been read so far, for messages."""
        shown = ", ".join(str(frame) for frame in self.seen[-12:])
        return shown or "nothing"

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
