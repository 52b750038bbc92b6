"""HTTP/2 on both sides at once: each has its own settings, tables, windows and padding."""

import threading

import pytest

from harness import wire as h2
from harness.grpc_server import pattern
from harness.manifests import pod, service
from harness.processes import eventually
from harness.raw_calls import call, message, read_reply, request
from harness.wire import Wire

GRPC_HEAD = [(":status", "200"), ("content-type", "application/grpc")]


class Echo:
    """Answers each call with the message it got."""

    def on_end(self, request):
        request.respond_grpc(bytes(request.body[5:]))


class Answers:
    """Answers each request with the same fields and body."""

    def __init__(self, fields, body=b""):
        self.fields = fields
        self.body = body

    def on_end(self, request):
        request.respond(self.fields, self.body)


class Holds:
    """Answers the head and keeps the call open."""

    def on_headers(self, request):
        request.respond(GRPC_HEAD, message(b"first"), end_stream=False)


def note_window(windows, frame):
    if frame.type == h2.WINDOW_UPDATE and frame.stream in windows:
        windows[frame.stream] += int.from_bytes(frame.payload, "big")


@pytest.mark.parametrize("window", [1, 100, 1 << 20])
def test_response_keeps_to_the_clients_windows(lab, window):
    body = pattern(1, 3000 if window == 1 else 60_000)
    front = lab.front(lab.scripted_backend(Answers([(":status", "200")], body)).port)
    with Wire.client(front.port, [(h2.INITIAL_WINDOW_SIZE, window)], deadline=5) as wire:
        wire.headers(1, request())
        got, of_stream, of_connection = b"", window, 65535
        while len(got) < len(body):
            wanted = (h2.DATA, h2.HEADERS)
            frame = wire.read_until(lambda f: f.stream == 1 and f.type in wanted, "DATA")
            if frame.type == h2.DATA and frame.payload:
                of_stream -= len(frame.payload)
                of_connection -= len(frame.payload)
                assert of_stream >= 0 and of_connection >= 0, "sent more than the window"
                got += frame.payload
                wire.window_update(1, len(frame.payload))
                wire.window_update(0, len(frame.payload))
                of_stream += len(frame.payload)
                of_connection += len(frame.payload)
        assert got == body


@pytest.mark.parametrize("window", [1, 100])
def test_request_keeps_to_the_servers_windows(lab, window):
    backend = lab.scripted_backend(Echo(), settings=[(h2.INITIAL_WINDOW_SIZE, window)])
    front = lab.front(backend.port)
    body = pattern(2, 500 if window == 1 else 20_000)
    with Wire.client(front.port, deadline=10) as wire:
        call(wire, 1, b"so that the settings are known")
        reply = call(wire, 3, body)
    assert reply.body == message(body)


def test_padding_is_given_back_to_the_windows(lab):
    """Each frame of 300 octets has 1 of data: padding counts, so the windows must get it back."""
    backend = lab.scripted_backend(Echo())
    front = lab.front(backend.port)
    body = message(pattern(3, 3000))
    frame_of = lambda octet: h2.encode_frame(  # noqa: E731
        h2.DATA, h2.PADDED, 1, bytes([255, octet]) + bytes(255)
    )
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, request(), end_stream=False)
        windows = {0: 65535, 1: wire.peer_settings.get(h2.INITIAL_WINDOW_SIZE, 65535)}
        for frame in wire.seen:
            note_window(windows, frame)
        for octet in body:
            while min(windows.values()) < 257:
                note_window(windows, wire.read())
            wire.send(frame_of(octet))
            windows = {key: room - 257 for key, room in windows.items()}
        wire.data(1, b"")
        assert read_reply(wire).body == body


def test_padded_responses(lab):
    class Padded:
        def on_end(self, request):
            request.connection.headers(request.stream, GRPC_HEAD, end_stream=False)
            for octet in message(bytes(250)):
                padded = bytes([200, octet]) + bytes(200)
                request.connection.frame(h2.DATA, h2.PADDED, request.stream, padded)
            request.connection.headers(request.stream, [("grpc-status", "0")])

    front = lab.front(lab.scripted_backend(Padded()).port)
    with Wire.client(front.port, deadline=5) as wire:
        assert call(wire).body == message(bytes(250))


@pytest.mark.parametrize("size", [0, 64, 65536])
def test_header_tables_of_any_size(lab, size):
    """Each side's table is as large as that side says, and no larger."""
    backend = lab.scripted_backend(Echo(), settings=[(h2.HEADER_TABLE_SIZE, size)])
    front = lab.front(backend.port)
    with Wire.client(front.port, [(h2.HEADER_TABLE_SIZE, size)], deadline=5) as wire:
        wire.decoder.max_allowed_table_size = size
        for index in range(30):
            if backend.connections:
                backend.connections[0].decoder.max_allowed_table_size = max(size, 4096)
            fields = [("x-index", str(index)), ("x-filler", "f" * 100)]
            assert call(wire, 1 + 2 * index, extra=fields).grpc_status == 0
            assert backend.requests[-1].header("x-index") == str(index)


@pytest.mark.parametrize("size", [16384, 100_000])
def test_frames_as_large_as_the_client_allows(lab, size):
    body = pattern(4, 60_000)
    front = lab.front(lab.scripted_backend(Answers([(":status", "200")], body[:16384])).port)
    settings = [(h2.MAX_FRAME_SIZE, size), (h2.INITIAL_WINDOW_SIZE, 1 << 20)]
    with Wire.client(front.port, settings, deadline=5) as wire:
        wire.headers(1, request())
        assert read_reply(wire).body == body[:16384]
        assert max(len(frame.payload) for frame in wire.seen) <= size


@pytest.mark.fairlead_only
def test_call_waits_for_a_server_that_takes_no_streams_yet(lab):
    class Opens(Echo):
        def on_connection(self, connection):
            self.connection = connection

    script = Opens()
    backend = lab.scripted_backend(script, settings=[(h2.MAX_CONCURRENT_STREAMS, 0)])
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        reply = call(wire, extra=[("grpc-timeout", "300m")])
        assert reply.grpc_status == 4
        assert not backend.requests
        wire.headers(3, request(), end_stream=False)
        wire.data(3, message(b"patient"))
        wire.ping()
        wire.read_until(lambda f: f.type == h2.PING and f.flags & h2.ACK, "PING with ACK")
        for connection in backend.connections:
            connection.settings((h2.MAX_CONCURRENT_STREAMS, 10))
        assert read_reply(wire, 3).body == message(b"patient")


@pytest.mark.parametrize(
    "method, status, fields, body",
    [
        ("HEAD", "200", [("content-length", "1000")], b""),
        ("GET", "204", [], b""),
        ("GET", "304", [("content-length", "1000"), ("etag", "x")], b""),
        ("GET", "404", [("content-length", "4")], b"none"),
        ("OPTIONS", "200", [("allow", "GET")], b""),
        ("PUT", "500", [], b"broken"),
    ],
)
def test_plain_responses_of_every_kind(lab, method, status, fields, body):
    head = [(":status", status), *fields]
    front = lab.front(lab.scripted_backend(Answers(head, body)).port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, [(":method", method), *request()[1:4]])
        reply = read_reply(wire)
    assert reply.head[":status"] == status
    assert all(reply.head[name] == value for name, value in fields)
    assert reply.body == body


def test_response_shorter_than_its_content_length_is_not_passed_as_whole(lab):
    head = [(":status", "200"), ("content-length", "100")]
    front = lab.front(lab.scripted_backend(Answers(head, b"short")).port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, [(":method", "GET"), *request()[1:4]])
        reply = read_reply(wire)
    assert reply.reset_code is not None or reply.head[":status"] in ("502", "503")


@pytest.mark.parametrize("first", ["headers", "data"])
def test_end_of_stream_on_an_empty_frame(lab, first):
    backend = lab.scripted_backend(Echo())
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, request(), end_stream=False)
        if first == "data":
            wire.data(1, message(b"x"), end_stream=False)
        wire.data(1, b"")
        assert read_reply(wire).grpc_status == 0
    assert bytes(backend.requests[0].body) == (message(b"x") if first == "data" else b"")


@pytest.mark.fairlead_only
def test_host_field_names_the_service_when_there_is_no_authority(lab):
    """RFC 9113 section 8.3.1: a request may come from HTTP/1.1, with `host` alone."""
    backend = lab.scripted_backend(Echo())
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo"), pod("echo", "echo-1", backend.port))
    proxy = lab.fairlead(folder)
    fields = [field for field in request() if field[0] != ":authority"]
    with Wire.client(proxy.port, deadline=5) as wire:
        wire.headers(1, [*fields, ("host", "echo:8080")], end_stream=False)
        wire.data(1, message(b"x"))
        assert read_reply(wire).grpc_status == 0


@pytest.mark.parametrize("value", ["", "abc", "5", "-1S", "123456789S", "1s", "5 S"])
def test_malformed_grpc_timeout_harms_nobody(lab, value):
    backend = lab.scripted_backend(Echo())
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        reply = call(wire, extra=[("grpc-timeout", value)])
        assert reply.grpc_status is not None
        assert call(wire, 3).grpc_status == 0


@pytest.mark.fairlead_only
def test_longest_timeout_is_no_problem(lab):
    backend = lab.scripted_backend(Echo())
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        for index, value in enumerate(["99999999H", "99999999S", "99999999n"]):
            assert call(wire, 1 + 2 * index, extra=[("grpc-timeout", value)]).grpc_status == 0


@pytest.mark.fairlead_only
def test_connection_to_a_removed_pod_is_closed_when_its_calls_are_done(lab):
    class Waits:
        def __init__(self):
            self.held = None

        def on_end(self, request):
            self.held = self.held or request
            request.respond(GRPC_HEAD, message(b"first"), end_stream=False)

    script = Waits()
    leaving, staying = lab.scripted_backend(script), lab.scripted_backend(Echo())
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo"), pod("echo", "leaving", leaving.port))
    proxy = lab.fairlead(folder)
    with Wire.client(proxy.port, deadline=5) as wire:
        wire.headers(1, request())
        wire.read_until(lambda f: f.type == h2.DATA, "the first message")
        folder.write("echo.yaml", service("echo"), pod("echo", "staying", staying.port))
        eventually(lambda: call_goes_to(proxy, staying), 3, "the new pod gets calls")
        connection = script.held.connection
        assert connection.socket.fileno() >= 0, "the running call has lost its connection"
        connection.headers(1, [("grpc-status", "0")])
        assert read_reply(wire).grpc_status == 0
        closed = lambda: connection.socket.fileno() < 0  # noqa: E731
        eventually(closed, 5, "the proxy closes the connection")


def call_goes_to(proxy, backend):
    before = len(backend.requests)
    with Wire.client(proxy.port, deadline=5) as wire:
        call(wire, extra=[("grpc-timeout", "1S")])
    return len(backend.requests) > before


@pytest.mark.fairlead_only
def test_hundred_streams_at_once_are_answered_in_any_order(lab):
    class Backwards:
        def __init__(self):
            self.waiting = []
            self.lock = threading.Lock()

        def on_end(self, request):
            with self.lock:
                self.waiting.append(request)
                if len(self.waiting) < 100:
                    return
            for each in reversed(self.waiting):
                each.respond_grpc(bytes(each.body[5:]))

    front = lab.front(lab.scripted_backend(Backwards()).port)
    with Wire.client(front.port, deadline=10) as wire:
        for index in range(100):
            wire.headers(1 + 2 * index, request(), end_stream=False)
            wire.data(1 + 2 * index, message(b"%d" % index))
        bodies, ended = {}, set()
        while len(ended) < 100:
            frame = wire.read_until(lambda f: f.stream, "a frame of a stream")
            if frame.type == h2.DATA:
                bodies[frame.stream] = bodies.get(frame.stream, b"") + frame.payload
            if frame.ends_stream:
                ended.add(frame.stream)
    assert bodies == {1 + 2 * index: message(b"%d" % index) for index in range(100)}
