"""What the proxy does with each thing that a backend may do: refuse, go away, reset, limit, stay dumb."""

import contextlib
import socket
import threading

import pytest

from harness import wire as h2
from harness.grpc_calls import Stub, channel
from harness.processes import HOST, eventually, free_port
from harness.raw_calls import call, message, read_reply, request
from harness.wire import Wire

GRPC_HEAD = [(":status", "200"), ("content-type", "application/grpc")]


class Good:
    """Answers each call with the message it got."""

    def on_end(self, request):
        request.respond_grpc(bytes(request.body[5:]))


class Refuses:
    """Refuses each stream when its request is complete."""

    def __init__(self, code=h2.REFUSED_STREAM):
        self.code = code

    def on_end(self, request):
        request.connection.rst(request.stream, self.code)


class GoesAway:
    """Answers the first call of a connection, and at the second says that it took only the first."""

    def on_end(self, request):
        if request.stream == 1:
            request.respond_grpc(bytes(request.body[5:]))
        else:
            request.connection.goaway(1)


def calls_through(front, count, body=b"hello", deadline=5):
    """Unary calls one after the other on one connection."""
    with Wire.client(front.port, deadline=deadline) as wire:
        return [call(wire, 1 + 2 * index, body) for index in range(count)]


def assert_all_good(replies, body=b"hello"):
    failed = [reply for reply in replies if reply.grpc_status != 0 or reply.body != message(body)]
    assert not failed, f"{len(failed)} of {len(replies)} failed, the first: {failed[0]}"


# Retries.


@pytest.mark.fairlead_only
@pytest.mark.parametrize("size", [0, 10, 10_000, 40_000])
def test_refused_stream_is_retried_on_another_endpoint(lab, size):
    refusing, good = lab.scripted_backend(Refuses()), lab.scripted_backend(Good())
    front = lab.front(refusing.port, good.port)
    assert_all_good(calls_through(front, 20, bytes(size)), bytes(size))
    assert len(refusing.requests) > 0
    assert len(good.requests) == 20


@pytest.mark.fairlead_only
def test_refused_stream_is_retried_once(lab):
    refusing = [lab.scripted_backend(Refuses()) for _ in range(3)]
    front = lab.front(*(backend.port for backend in refusing))
    [reply] = calls_through(front, 1)
    assert_refused(reply)
    assert sum(len(backend.requests) for backend in refusing) == 2


def assert_refused(reply):
    """The last refusal is passed on as it is, or as UNAVAILABLE: both say that nothing was done."""
    assert reply.reset_code == h2.REFUSED_STREAM or reply.grpc_status == 14, reply


@pytest.mark.fairlead_only
def test_stream_above_the_last_of_goaway_is_retried(lab):
    leaving, good = lab.scripted_backend(GoesAway()), lab.scripted_backend(Good())
    front = lab.front(leaving.port, good.port)
    assert_all_good(calls_through(front, 40))
    assert len(leaving.connections) > 1, "it went away and was not connected again"


@pytest.mark.fairlead_only
def test_connect_failure_is_retried(lab):
    good = lab.scripted_backend(Good())
    front = lab.front(free_port(), free_port(), good.port)
    assert_all_good(calls_through(front, 30))
    assert len(good.requests) == 30


@pytest.mark.fairlead_only
def test_dumb_endpoint_gets_no_calls(lab):
    """It takes the connection and sends no SETTINGS, so it is not ready and nothing waits for it."""
    good = lab.scripted_backend(Good())
    with contextlib.closing(socket.create_server((HOST, 0))) as dumb:
        front = lab.front(dumb.getsockname()[1], good.port)
        assert_all_good(calls_through(front, 20, deadline=4))


@pytest.mark.parametrize("code", [h2.INTERNAL_ERROR, h2.CANCEL, h2.ENHANCE_YOUR_CALM])
def test_other_resets_are_not_retried(lab, code):
    refusing = lab.scripted_backend(Refuses(code))
    front = lab.front(refusing.port)
    [reply] = calls_through(front, 1)
    assert_failed(reply)
    assert len(refusing.requests) == 1


def assert_failed(reply):
    """The client can tell that the call did not succeed."""
    plain_error = reply.head.get(":status", "200") != "200"
    assert reply.reset_code is not None or reply.grpc_status or plain_error, reply


# Responses that break off.


@pytest.mark.parametrize("how", ["reset", "close", "goaway"])
def test_response_that_breaks_off_is_seen_as_broken(lab, how):
    class BreaksOff:
        def on_end(self, request):
            request.respond(GRPC_HEAD, message(b"first"), end_stream=False)
            if how == "reset":
                request.connection.rst(request.stream, h2.INTERNAL_ERROR)
            elif how == "close":
                request.connection.socket.shutdown(socket.SHUT_RDWR)
            else:
                request.connection.goaway(0, h2.INTERNAL_ERROR)
                request.connection.socket.shutdown(socket.SHUT_RDWR)

    backend = lab.scripted_backend(BreaksOff())
    front = lab.front(backend.port)
    [reply] = calls_through(front, 1)
    assert_failed(reply)
    assert len(backend.requests) == 1


@pytest.mark.fairlead_only
def test_upstream_that_closes_while_a_call_waits(lab):
    class Closes:
        def on_end(self, request):
            request.connection.socket.shutdown(socket.SHUT_RDWR)

    backend = lab.scripted_backend(Closes())
    [reply] = calls_through(lab.front(backend.port), 1)
    assert (len(reply.heads), reply.grpc_status) == (1, 14)
    assert reply.head["x-fairlead-flag"] == "UC"


@pytest.mark.fairlead_only
def test_upstream_that_breaks_the_protocol(lab):
    class Breaks:
        def on_end(self, request):
            request.connection.frame(h2.DATA, 0, 0, b"on stream 0")

    backend = lab.scripted_backend(Breaks())
    [reply] = calls_through(lab.front(backend.port), 1)
    assert_failed(reply)


@pytest.mark.fairlead_only
def test_upstream_that_goes_away_between_calls_costs_none(lab):
    backend = lab.scripted_backend(Good())
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        assert_all_good([call(wire, 1)])
        for round in range(5):
            # Two-step GOAWAY, as a server does that rotates its connections.
            # The next call races against it; when it loses, its stream was never taken.
            connection = backend.connections[-1]
            connection.goaway((1 << 31) - 1)
            connection.goaway(max(connection.requests))
            assert_all_good([call(wire, 3 + 2 * round)])
    assert len(backend.connections) == 6


def test_running_stream_outlives_goaway(lab):
    class Waits:
        def __init__(self):
            self.first = None

        def on_headers(self, request):
            if self.first is None:
                self.first = request
                request.respond(GRPC_HEAD, message(b"first"), end_stream=False)
                request.connection.goaway(request.stream)
            else:
                request.respond_grpc(b"second")

    script = Waits()
    front = lab.front(lab.scripted_backend(script).port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, request())
        wire.read_until(lambda f: f.type == h2.DATA, "the first message")
        wire.headers(3, request())
        assert read_reply(wire, 3).body == message(b"second")
        script.first.connection.headers(script.first.stream, [("grpc-status", "0")])
        assert read_reply(wire, 1).grpc_status == 0


# Limits of the peer.


@pytest.mark.fairlead_only
@pytest.mark.parametrize("limit, calls", [(1, 3), (2, 4), (2, 6)])
def test_more_connections_when_the_stream_limit_is_reached(lab, limit, calls):
    class Holds:
        def on_headers(self, request):
            request.respond(GRPC_HEAD, message(b"first"), end_stream=False)

    backend = lab.scripted_backend(Holds(), settings=[(h2.MAX_CONCURRENT_STREAMS, limit)])
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        for index in range(calls):
            wire.headers(1 + 2 * index, request(), end_stream=False)
        eventually(lambda: len(backend.requests) == calls, 5, "every call reaches the backend")
    used = {r.connection.number for r in backend.requests}
    assert len(used) == -(-calls // limit)


@pytest.mark.fairlead_only
def test_calls_wait_when_no_more_connections_may_be_opened(lab):
    """Far more calls than streams: each gets its turn, none is refused, connections are bounded."""
    backend = lab.grpc_backend("narrow", max_streams=1)
    front = lab.front(backend.port)
    with channel(front.address) as own:
        started = [Stub(own).Unary.future(b"x%d" % n, timeout=20) for n in range(300)]
        assert [call.result() for call in started] == [b"x%d" % n for n in range(300)]


# What passes through untouched.


def test_informational_responses_are_forwarded(lab):
    class Hints:
        def on_end(self, request):
            for link in ("one", "two"):
                fields = [(":status", "103"), ("link", link)]
                request.connection.headers(request.stream, fields, end_stream=False)
            request.respond([(":status", "200"), ("x-final", "yes")], b"body")

    front = lab.front(lab.scripted_backend(Hints()).port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, [(":method", "GET"), *request()[1:4]])
        reply = read_reply(wire)
    assert [dict(head)[":status"] for head in reply.heads] == ["103", "103", "200"]
    assert [dict(head).get("link") for head in reply.heads[:2]] == ["one", "two"]
    assert reply.body == b"body"


def test_trailers_only_stays_trailers_only(lab):
    class TrailersOnly:
        def on_end(self, request):
            fields = GRPC_HEAD + [("grpc-status", "5"), ("grpc-message", "none"), ("x-own", "1")]
            request.respond(fields)

    [reply] = calls_through(lab.front(lab.scripted_backend(TrailersOnly()).port), 1)
    assert len(reply.heads) == 1
    own = [
        field for field in reply.heads[0] if field[0] in ("grpc-status", "grpc-message", "x-own")
    ]
    assert own == [("grpc-status", "5"), ("grpc-message", "none"), ("x-own", "1")]


@pytest.mark.fairlead_only
def test_request_arrives_field_by_field_as_it_was_sent(lab):
    backend = lab.scripted_backend(Good())
    front = lab.front(backend.port)
    sent = request(
        authority="Any.Name:1234",
        path="/a.b/C?q=%20&r",
        extra=[
            ("x-b", "2"),
            ("x-a", "1"),
            ("x-b", "1"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("x-empty", ""),
            ("grpc-accept-encoding", "identity, deflate, gzip"),
            ("user-agent", "fairlead-acceptance/1"),
            ("grpc-trace-bin", "AAA"),
        ],
    )
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, sent, end_stream=False)
        wire.data(1, message(b"hello"))
        assert read_reply(wire).grpc_status == 0
    got = backend.requests[0].fields
    assert sorted(got[:4]) == sorted(sent[:4])
    assert got[4:] == sent[4:]


@pytest.mark.fairlead_only
def test_response_arrives_field_by_field_as_it_was_sent(lab):
    head = GRPC_HEAD + [
        ("x-b", "2"),
        ("x-a", "1"),
        ("x-b", "1"),
        ("set-cookie", "a"),
        ("server", "s"),
    ]
    trailers = [("grpc-status", "0"), ("x-t", "2"), ("x-t", "1"), ("x-s-bin", "AAEC")]

    class Answers:
        def on_end(self, request):
            request.connection.headers(request.stream, head, end_stream=False)
            request.connection.headers(request.stream, trailers)

    [reply] = calls_through(lab.front(lab.scripted_backend(Answers()).port), 1)
    assert reply.heads == [head, trailers]


def test_request_trailers_are_forwarded(lab):
    backend = lab.scripted_backend(Good())
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, request(), end_stream=False)
        wire.data(1, message(b"hello"), end_stream=False)
        wire.headers(1, [("x-trailer", "sent")])
        read_reply(wire)
    assert backend.requests[0].trailers == [("x-trailer", "sent")]


@pytest.mark.parametrize("size", [20_000, 50_000])
def test_header_blocks_longer_than_a_frame(lab, size):
    class Large:
        def on_end(self, request):
            fields = GRPC_HEAD + [("x-large", request.header("x-large"))]
            block = request.connection.block(fields)
            request.connection.frame(h2.HEADERS, 0, request.stream, block[:16384])
            rest = [block[i : i + 16384] for i in range(16384, len(block), 16384)] or [b""]
            for piece in rest[:-1]:
                request.connection.frame(h2.CONTINUATION, 0, request.stream, piece)
            request.connection.frame(h2.CONTINUATION, h2.END_HEADERS, request.stream, rest[-1])
            request.connection.headers(request.stream, [("grpc-status", "0")])

    large = "0123456789!#$%&" * (size // 15)
    backend = lab.scripted_backend(Large())
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        block = wire.block(request(extra=[("x-large", large)]))
        wire.frame(h2.HEADERS, h2.END_STREAM, 1, block[:16000])
        for start in range(16000, len(block), 16000):
            last = start + 16000 >= len(block)
            piece = block[start : start + 16000]
            wire.frame(h2.CONTINUATION, h2.END_HEADERS if last else 0, 1, piece)
        reply = read_reply(wire)
    assert reply.head["x-large"] == large
    assert backend.requests[0].header("x-large") == large


# Cancellation.


@pytest.mark.parametrize("how", ["reset", "close"])
def test_client_that_leaves_cancels_upstream(lab, how):
    class Holds:
        def on_headers(self, request):
            request.respond(GRPC_HEAD, message(b"first"), end_stream=False)

    backend = lab.scripted_backend(Holds())
    front = lab.front(backend.port)
    wire = Wire.client(front.port, deadline=5)
    wire.headers(1, request(), end_stream=False)
    wire.read_until(lambda f: f.type == h2.DATA, "the first message")
    if how == "reset":
        wire.rst(1, h2.CANCEL)
    else:
        wire.close()
    held = backend.requests[0]
    eventually(lambda: held.reset_code is not None, 5, "the upstream stream is reset")
    assert held.reset_code == h2.CANCEL
    wire.close()


def test_cancelled_before_the_upstream_answers(lab):
    class Holds:
        pass

    backend = lab.scripted_backend(Holds())
    front = lab.front(backend.port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, request(), end_stream=False)
        eventually(lambda: backend.requests, 5, "the request arrives")
        wire.rst(1, h2.CANCEL)
        held = backend.requests[0]
        assert eventually(lambda: held.reset_code, 5, "the upstream stream is reset") == h2.CANCEL


def test_server_that_ends_early_without_reading(lab):
    """RFC 9113 section 8.1: a complete response, then RST_STREAM with NO_ERROR."""

    class Early:
        def on_headers(self, request):
            request.respond_grpc(b"early")
            request.connection.rst(request.stream, h2.NO_ERROR)

    front = lab.front(lab.scripted_backend(Early(), grant_windows=False).port)
    with Wire.client(front.port, deadline=5) as wire:
        wire.headers(1, request(), end_stream=False)
        reply = read_reply(wire)
    assert reply.grpc_status == 0
    assert reply.body == message(b"early")


def test_calls_of_two_connections_share_the_upstream_fairly(lab):
    """One client's many calls do not keep another's from being answered."""
    backend = lab.grpc_backend("shared")
    front = lab.front(backend.port)
    with channel(front.address) as one, channel(front.address) as other:
        stop = threading.Event()
        answered = []

        def load():
            while not stop.is_set():
                calls = [Stub(one).Unary.future(b"load") for _ in range(50)]
                answered.extend(call.result() for call in calls)

        thread = threading.Thread(target=load)
        thread.start()
        try:
            for n in range(200):
                assert Stub(other).Unary(b"%d" % n, timeout=5) == b"%d" % n
        finally:
            stop.set()
            thread.join()
    assert answered and set(answered) == {b"load"}
