"""Peers that abuse the protocol: they are closed with the right code, memory stays bounded, and a
well-behaved client beside them sees no failed call."""

import contextlib
import json
import os
import random
import resource
import socket
import threading
import time

import pytest

from harness import wire as h2
from harness.grpc_calls import Stub, channel
from harness.processes import HOST, eventually
from harness.raw_calls import message, request
from harness.wire import Closed, Silent, Wire

MIB = 1 << 20
FLOOD = 100_000
ALLOWED_GROWTH = 32 * MIB


@pytest.fixture(scope="module")
def backend(module_lab):
    return module_lab.grpc_backend("victim")


@pytest.fixture
def front(lab, backend):
    return lab.front(backend.port)


class Beside:
    """A well-behaved client that calls all the time, and the proxy's memory over that time."""

    def __init__(self, front):
        self.front = front
        self.calls = 0
        self.failures = []
        self._stop = threading.Event()

    def __enter__(self):
        self._channel = channel(self.front.address)
        stub = Stub(self._channel)
        for _ in range(100):
            stub.Unary(bytes(1000), timeout=5)
        self.before = self.front.child.resident_bytes()
        self._thread = threading.Thread(target=self._run, args=(stub,))
        self._thread.start()
        return self

    def _run(self, stub):
        while not self._stop.is_set():
            try:
                stub.Unary(b"beside", timeout=5)
                self.calls += 1
            except Exception as error:
                self.failures.append(error)
            self._stop.wait(0.002)

    def __exit__(self, kind, *_):
        seen = self.calls
        if kind is None:
            eventually(lambda: self.calls >= seen + 20 or self.failures, 20, "calls go on")
        self._stop.set()
        self._thread.join()
        self._channel.close()
        if kind is None:
            assert self.front.child.running, "the proxy has ended"
            growth = self.front.child.peak_resident_bytes() - self.before
            print(f"{self.calls} calls beside it, peak RSS grew {growth / MIB:.1f} MiB")
            assert not self.failures, f"{len(self.failures)} failed: {self.failures[0]}"
            assert growth < ALLOWED_GROWTH


@pytest.fixture
def beside(front):
    with Beside(front) as beside:
        yield beside


class Offender:
    """A connection that sends without pause while a thread reads, if it reads at all."""

    def __init__(self, front, settings=(), reads=True):
        self.wire = Wire.client(front.port, settings, deadline=10)
        self.reads = reads
        self.ended = threading.Event()
        self.goaway = None
        self.resets = []
        self.heads = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        if reads:
            self._thread.start()

    def _read(self):
        try:
            while True:
                frame = self.wire.read(time.monotonic() + 30)
                self.wire.seen.clear()
                if frame.type == h2.GOAWAY and (self.goaway is None or not self.goaway.error_code):
                    self.goaway = frame
                elif frame.type == h2.RST_STREAM:
                    self.resets.append(frame.error_code)
                elif frame.fields:
                    self.heads.append(dict(frame.fields))
        except (Closed, Silent, OSError):  # the last when the test closes it meanwhile
            pass
        self.ended.set()

    def pour(self, octets, times, batch=200):
        """Sends the same octets many times, until the peer has closed."""
        block = octets * batch
        for _ in range(times // batch):
            if self.ended.is_set() or not self.wire.send(block):
                return

    def is_closed(self, *codes, within=10):
        """Asserts that the proxy has closed the connection, and told one of the codes before. An
        offender that did not read could not be told."""
        if not self.reads:
            self._thread.start()
        assert self.ended.wait(within), "the offender is still connected"
        assert self.goaway is not None or not self.reads, "closed without GOAWAY"
        if not self.reads and self.goaway is None:
            return
        assert self.goaway.error_code in codes, f"GOAWAY with code {self.goaway.error_code}"

    def is_turned_down(self, within=10):
        """Asserts that the one request was not served: reset, refused with a status, or closed."""

        def turned_down():
            statuses = [head.get(":status") for head in self.heads]
            errors = [head.get("grpc-status", "0") for head in self.heads]
            return (
                self.ended.is_set()
                or self.resets
                or any(status != "200" for status in statuses)
                or any(error != "0" for error in errors)
            )

        eventually(turned_down, within, "the request is turned down")

    def close(self):
        self.wire.close()


@pytest.fixture
def offend(front, beside):
    offenders = []

    def start(**options):
        offenders.append(Offender(front, **options))
        return offenders[-1]

    yield start
    for offender in offenders:
        offender.close()


# Floods.


def test_rapid_reset(offend, backend):
    served = backend.calls("Who")
    offender = offend()
    fields = request(path="/acceptance.Echo/Who")
    offender.wire.headers(1, fields)
    offender.wire.rst(1)
    block = offender.wire.block(fields)  # the same from here on: all of it is in the table
    stream = 3
    for _ in range(FLOOD // 100):
        burst = b""
        for _ in range(100):
            burst += h2.encode_frame(h2.HEADERS, h2.END_HEADERS | h2.END_STREAM, stream, block)
            burst += h2.encode_frame(h2.RST_STREAM, 0, stream, b"\0\0\0\x08")
            stream += 2
        if offender.ended.is_set() or not offender.wire.send(burst):
            break
    offender.is_closed(h2.ENHANCE_YOUR_CALM)
    assert backend.calls("Who") - served < FLOOD // 10


@pytest.mark.parametrize("reads", [True, False], ids=["reading", "not-reading"])
def test_ping_flood(offend, reads):
    offender = offend(reads=reads)
    offender.pour(h2.encode_frame(h2.PING, 0, 0, b"flooding"), FLOOD * (1 if reads else 20))
    offender.is_closed(h2.ENHANCE_YOUR_CALM)


@pytest.mark.parametrize("reads", [True, False], ids=["reading", "not-reading"])
def test_settings_flood(offend, reads):
    offender = offend(reads=reads)
    payload = h2.encode_settings([(h2.INITIAL_WINDOW_SIZE, 65535)])
    times = FLOOD * (1 if reads else 20)
    offender.pour(h2.encode_frame(h2.SETTINGS, 0, 0, payload), times)
    offender.is_closed(h2.ENHANCE_YOUR_CALM)


def test_empty_data_flood(offend):
    offender = offend()
    offender.wire.headers(1, request(path="/acceptance.Echo/Digest"), end_stream=False)
    offender.pour(h2.encode_frame(h2.DATA, 0, 1), FLOOD)
    offender.is_closed(h2.ENHANCE_YOUR_CALM)


def test_continuation_flood(offend):
    offender = offend()
    offender.wire.headers(1, request(), end_headers=False)
    piece = offender.wire.block([("x", "y")])
    offender.pour(h2.encode_frame(h2.CONTINUATION, 0, 1, piece), FLOOD)
    offender.is_closed(h2.ENHANCE_YOUR_CALM, h2.PROTOCOL_ERROR, h2.COMPRESSION_ERROR)


def test_empty_continuation_flood(offend):
    offender = offend()
    offender.wire.headers(1, request(), end_headers=False)
    offender.pour(h2.encode_frame(h2.CONTINUATION, 0, 1), FLOOD)
    offender.is_closed(h2.ENHANCE_YOUR_CALM, h2.PROTOCOL_ERROR)


@pytest.mark.parametrize(
    "frame",
    [
        h2.encode_frame(h2.PRIORITY, 0, 1, b"\0\0\0\0\x10"),
        h2.encode_frame(h2.WINDOW_UPDATE, 0, 0, b"\0\0\0\x01"),
        h2.encode_frame(0xBB, 0, 0, bytes(20)),
    ],
    ids=["PRIORITY", "WINDOW_UPDATE", "unknown"],
)
def test_floods_that_cost_the_proxy_nothing(offend, frame):
    """Closed or not, they may not hurt anybody."""
    offend().pour(frame, FLOOD)


# Headers.


def test_1_mib_of_headers(offend, backend):
    served = backend.calls("Who")
    offender = offend()
    offender.wire.headers(1, request(path="/acceptance.Echo/Who"), end_headers=False)
    for index in range(64):
        piece = offender.wire.encoder.encode(
            [(f"x-{index}", os.urandom(8000).hex())], huffman=False
        )
        offender.wire.frame(h2.CONTINUATION, 0, 1, piece[:16384])
    offender.wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1)
    offender.is_turned_down()
    assert backend.calls("Who") == served


def test_header_table_bomb(offend, backend):
    """One field of 4,000 octets in the table, then 16,000 references to it in one frame."""
    served = backend.calls("Who")
    offender = offend()
    wire = offender.wire
    wire.headers(1, request(path="/acceptance.Echo/Who"))
    wire.headers(3, [*request(path="/acceptance.Echo/Who"), ("x-bomb", "b" * 3900)])
    plain = wire.block(request(path="/acceptance.Echo/Who"))
    for stream in range(5, 25, 2):
        wire.raw_headers(stream, plain + b"\xbe" * (16000 - len(plain)))
    offender.is_turned_down()
    assert backend.calls("Who") - served <= 3


def test_very_many_small_fields(offend, backend):
    offender = offend()
    block = offender.wire.block(request(path="/acceptance.Echo/Who"))
    offender.wire.frame(h2.HEADERS, h2.END_STREAM, 1, block)
    for _ in range(20):
        offender.wire.frame(h2.CONTINUATION, 0, 1, b"\x00\x01a\x00" * 4000)
    offender.wire.frame(h2.CONTINUATION, h2.END_HEADERS, 1)
    offender.is_turned_down()


@pytest.mark.parametrize(
    "name, bad, good",
    [
        ("grpc-timeout", "abc", None),
        ("grpc-timeout", "123456789S", None),
        ("x-token-bin", "!!!", b"good"),
        ("grpc-trace-bin", "*", b"good"),
    ],
)
def test_malformed_field_does_not_spoil_the_upstream_connection(lab, backend, name, bad, good):
    """A grpcio server remembers with a header table's entry that its value was malformed, and holds
    that against each later call that refers to the entry, if only for its name. The calls of all
    clients share that table, so such a value must not get into it."""
    front = lab.front(backend.port, workers=1)
    with Wire.client(front.port, deadline=5) as wire, channel(front.address) as own:
        for index in range(5):
            wire.headers(1 + 2 * index, request(extra=[(name, bad)]), end_stream=False)
            wire.data(1 + 2 * index, message(b""))
            wire.read_until(lambda f: f.ends_stream or f.type == h2.RST_STREAM, "the end")
        for number in range(20):
            metadata = [(name, good + b"%d" % number)] if good else []
            answer = Stub(own).Unary(b"x", timeout=5 + number, metadata=metadata)
            assert answer == b"x"


# Slowness and nonsense.


@pytest.mark.timeout(90)
@pytest.mark.fairlead_only
def test_slow_beginnings(lab, backend):
    """Whoever does not finish its preface, or its first header block, is closed in bounded time."""
    front = lab.front(backend.port)
    beginnings = {
        "half a preface": h2.PREFACE[:10],
        "preface and no SETTINGS": h2.PREFACE,
        "half a SETTINGS frame": h2.PREFACE + b"\0\0\x06\x04\0",
    }
    with Beside(front):
        sockets = {}
        for name, octets in beginnings.items():
            sockets[name] = socket.create_connection((HOST, front.port))
            sockets[name].sendall(octets)
        dripping = socket.create_connection((HOST, front.port))
        sockets["an octet a second"] = dripping
        drops = iter(h2.PREFACE)
        for connected in sockets.values():
            connected.setblocking(False)

        def all_closed():
            with contextlib.suppress(OSError, StopIteration):
                dripping.send(bytes([next(drops)]))
            left = [name for name, connected in sockets.items() if not at_end(connected)]
            print(f"still open: {left}")
            return not left

        eventually(all_closed, 22, "all slow ones are closed", every=1)
        for connected in sockets.values():
            connected.close()


def at_end(connected):
    """Whether the peer has closed a socket; what it has sent is thrown away."""
    try:
        while True:
            if not connected.recv(65536):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_garbage(front, beside):
    """Octets that are no protocol, on many connections. They end, and nobody else notices."""
    source = random.Random(9113)
    sockets = []
    for index in range(60):
        connected = socket.create_connection((HOST, front.port))
        sockets.append(connected)
        with contextlib.suppress(OSError):
            if index % 3 == 0:
                connected.sendall(source.randbytes(2000))
            elif index % 3 == 1:
                connected.sendall(h2.PREFACE + source.randbytes(2000))
            else:
                head = h2.PREFACE + h2.encode_frame(h2.SETTINGS)
                noise = b"".join(
                    h2.encode_frame(
                        source.randrange(12),
                        source.randrange(256),
                        source.randrange(8),
                        source.randbytes(source.randrange(40)),
                    )
                    for _ in range(50)
                )
                connected.sendall(head + noise)
            connected.shutdown(socket.SHUT_WR)
        connected.setblocking(False)
    eventually(lambda: all(at_end(each) for each in sockets), 20, "all are closed", every=0.1)
    for connected in sockets:
        connected.close()


def test_client_that_keeps_to_no_window(lab):
    """The backend takes nothing, the client sends on: FLOW_CONTROL_ERROR."""

    class TakesNothing:
        pass

    silent = lab.scripted_backend(TakesNothing(), grant_windows=False)
    front = lab.front(silent.port)
    offender = Offender(front)
    before = front.child.resident_bytes()
    offender.wire.headers(1, request(), end_stream=False)
    offender.pour(h2.encode_frame(h2.DATA, 0, 1, bytes(16384)), 4000, batch=4)
    # For the stream's window a stream error is right, for the connection's a connection error.
    if h2.FLOW_CONTROL_ERROR not in offender.resets:
        offender.is_closed(h2.FLOW_CONTROL_ERROR)
    assert front.child.peak_resident_bytes() - before < ALLOWED_GROWTH
    offender.close()


@pytest.mark.parametrize("which", ["streams", "connection"])
def test_window_that_is_never_opened(offend, which):
    """A hundred calls for much data from a client that takes none. It may stay; it may not harm."""
    window = 0 if which == "streams" else MIB
    offender = offend(settings=[(h2.INITIAL_WINDOW_SIZE, window)])
    body = message(json.dumps({"count": 1000, "size": 65536}).encode())
    for index in range(100):
        stream = 1 + 2 * index
        offender.wire.headers(stream, request(path="/acceptance.Echo/Send"), end_stream=False)
        offender.wire.data(stream, body)
    eventually(lambda: len(offender.heads) + len(offender.resets) >= 60, 15, "streams are answered")


@pytest.mark.timeout(120)
def test_10000_idle_connections(front, beside):
    """Ten thousand clients that say hello and nothing more; fewer where files are rationed."""
    wanted = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 500)
    before = front.child.resident_bytes()
    hello = h2.PREFACE + h2.encode_frame(h2.SETTINGS) + h2.encode_frame(h2.SETTINGS, h2.ACK)
    sockets = []
    try:
        for _ in range(wanted):
            connected = socket.create_connection((HOST, front.port), timeout=10)
            connected.sendall(hello)
            sockets.append(connected)
        for connected in sockets:
            assert connected.recv(9), "an idle client was turned away"
        growth = front.child.resident_bytes() - before
        print(f"{growth / wanted / 1024:.1f} KiB for each of {wanted} connections")
        assert growth < wanted * 48 * 1024
        calls = beside.calls
        eventually(lambda: beside.calls >= calls + 50, 10, "calls go on")
        beside.before += growth
    finally:
        for connected in sockets:
            connected.close()


# Backends can be hostile as well.


class Bombs:
    """Answers with 1 MiB of headers, with a table bomb, or with a flood."""

    def on_end(self, request):
        connection, stream = request.connection, request.stream
        kind = request.header(":path").rsplit("/", 1)[-1]
        if kind == "headers":
            connection.frame(h2.HEADERS, 0, stream, connection.block([(":status", "200")]))
            for index in range(64):
                piece = connection.encoder.encode([(f"x-{index}", "v" * 16000)], huffman=False)
                connection.frame(h2.CONTINUATION, 0, stream, piece)
            connection.frame(h2.CONTINUATION, h2.END_HEADERS, stream)
        elif kind == "table":
            connection.headers(stream, [(":status", "200"), ("x-bomb", "b" * 3900)], False)
            connection.frame(h2.HEADERS, h2.END_HEADERS | h2.END_STREAM, stream, b"\xbe" * 16000)
        elif kind == "pings":
            for _ in range(200):
                connection.send(h2.encode_frame(h2.PING, 0, 0, b"flooding") * 500)
        elif kind == "settings":
            for _ in range(200):
                connection.send(h2.encode_frame(h2.SETTINGS) * 500)


@pytest.mark.parametrize("kind", ["headers", "table", "pings", "settings"])
def test_hostile_backend(lab, backend, kind):
    """Only its own call fails; the other service's calls go on."""
    bombs = lab.scripted_backend(Bombs())
    front = lab.front(bombs.port)
    before = front.child.resident_bytes()
    with Wire.client(front.port, deadline=8) as wire:
        fields = request(path=f"/bombs/{kind}", extra=[("grpc-timeout", "2S")])
        wire.headers(1, fields)
        frame = wire.read_until(
            lambda f: f.stream == 1 and (f.ends_stream or f.type == h2.RST_STREAM), "the end"
        )
        assert frame.type == h2.RST_STREAM or dict(frame.fields or []).get("grpc-status") != "0"
        wire.ping()
        wire.read_until(lambda f: f.type == h2.PING and f.flags & h2.ACK, "PING with ACK")
    assert front.child.running
    assert front.child.peak_resident_bytes() - before < ALLOWED_GROWTH
