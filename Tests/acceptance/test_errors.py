"""Errors that the proxy makes itself: gRPC errors with a reason, as the configuration deserves them."""

import contextlib
import socket
import threading
import time

import grpc
import pytest

from harness.grpc_calls import Stub, channel, failure
from harness.manifests import destination_rule, pod, service, virtual_service
from harness.processes import HOST, eventually, free_port
from harness.raw_calls import call, message, read_reply, request
from harness.wire import CANCEL, REFUSED_STREAM, Wire

pytestmark = pytest.mark.fairlead_only


class Silent:
    """Takes requests and never answers."""


class AnswersHead:
    """Answers with a response head and a message, and then nothing."""

    def on_headers(self, request):
        head = [(":status", "200"), ("content-type", "application/grpc")]
        request.respond(head, message(b"first"), end_stream=False)


# What is wrong → the authority that meets it, grpc-status, flag, and the status of a plain request.
CASES = {
    "unknown authority": ("nobody:8080", 12, "NR", "404"),
    "known host, unknown port": ("good:9999", 12, "NR", "404"),
    "service without pods": ("empty:8080", 14, "UH", "503"),
    "subset without pods": ("thin:8080", 14, "UH", "503"),
    "subset that does not exist": ("lost:8080", 14, "NC", "503"),
    "every pod down": ("down:8080", 14, "UF", "503"),
}


@pytest.fixture(scope="module")
def proxy(module_lab):
    folder = module_lab.manifests()
    backend = module_lab.grpc_backend("good-1")
    folder.write("good.yaml", service("good"), pod("good", "good-1", backend.port))
    folder.write("empty.yaml", service("empty"))
    folder.write(
        "thin.yaml",
        service("thin"),
        pod("thin", "thin-1", backend.port, version="v1"),
        destination_rule("thin", subsets=["v2"]),
        virtual_service("thin", {"v2": 100}),
    )
    folder.write(
        "lost.yaml",
        service("lost"),
        pod("lost", "lost-1", backend.port),
        destination_rule("lost", subsets=["v1"]),
        virtual_service("lost", {"v9": 100}),
    )
    folder.write(
        "down.yaml",
        service("down"),
        pod("down", "down-1", free_port()),
        pod("down", "down-2", free_port()),
    )
    return module_lab.fairlead(folder)


@pytest.fixture
def wire(proxy):
    with Wire.client(proxy.port, deadline=10) as wire:
        yield wire


@pytest.mark.parametrize("authority, status, flag, _plain", CASES.values(), ids=CASES.keys())
def test_grpc_call_gets_a_trailers_only_error(wire, authority, status, flag, _plain):
    reply = call(wire, authority=authority)
    assert len(reply.heads) == 1, f"not Trailers-Only: {reply}"
    assert reply.body == b""
    assert reply.head[":status"] == "200"
    assert reply.head["content-type"].startswith("application/grpc")
    assert reply.grpc_status == status
    assert reply.head["x-fairlead-flag"] == flag
    assert reply.head["grpc-message"]


@pytest.mark.parametrize("authority, _grpc, flag, status", CASES.values(), ids=CASES.keys())
def test_plain_request_gets_an_http_status(wire, authority, _grpc, flag, status):
    fields = [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", authority),
    ]
    wire.headers(1, fields)
    reply = read_reply(wire)
    assert reply.head[":status"] == status
    assert reply.head["x-fairlead-flag"] == flag


def test_grpcio_understands_the_errors(proxy):
    for authority, status, _, _ in CASES.values():
        with channel(proxy.address, authority=authority) as own:
            error = failure(lambda: Stub(own).Unary(b"x", timeout=10))
            assert error.code().value[0] == status, authority
            assert error.details(), authority


def test_other_streams_of_the_connection_are_not_touched(wire):
    wire.headers(1, request(authority="good:8080"), end_stream=False)
    assert call(wire, stream=3, authority="nobody:8080").grpc_status == 12
    wire.data(1, message(b"still here"))
    reply = read_reply(wire, 1)
    assert (reply.grpc_status, reply.body) == (0, message(b"still here"))


def test_error_while_the_client_still_sends(wire):
    """The rest of the request is thrown away, and the connection's window given back."""
    for stream in range(1, 21, 2):
        wire.headers(stream, request(authority="nobody:8080"), end_stream=False)
        for _ in range(4):
            wire.data(stream, bytes(16000), end_stream=False)
        assert read_reply(wire, stream).grpc_status == 12
    assert call(wire, stream=101, authority="good:8080").grpc_status == 0


@pytest.mark.parametrize(
    "name", ["good", "good.default", "good.default.svc", "good.default.svc.cluster.local"]
)
@pytest.mark.parametrize("port", [":8080", ""])
def test_every_name_of_a_service_is_known(wire, name, port):
    assert call(wire, authority=name + port).grpc_status == 0


def test_case_of_an_authority_does_not_matter(wire):
    assert call(wire, authority="GOOD.Default:8080").grpc_status == 0


# Deadlines.


@pytest.fixture
def silent(lab):
    return lab.scripted_backend(Silent())


def proxy_for(lab, *ports):
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo"), *(pod("echo", f"echo-{p}", p) for p in ports))
    return lab.fairlead(folder)


@pytest.mark.parametrize("timeout", ["300m", "300000u", "90000000n"])
def test_deadline_is_kept_by_the_proxy(lab, silent, timeout):
    proxy = proxy_for(lab, silent.port)
    with Wire.client(proxy.port, deadline=5) as wire:
        started = time.monotonic()
        reply = call(wire, extra=[("grpc-timeout", timeout)])
        took = time.monotonic() - started
    assert (len(reply.heads), reply.grpc_status) == (1, 4)
    assert reply.head["x-fairlead-flag"] == "UT"
    assert took > 0.95 * nanoseconds(timeout) / 1e9
    upstream = silent.requests[0]
    assert 0 < nanoseconds(upstream.header("grpc-timeout")) <= nanoseconds(timeout)
    assert eventually(lambda: upstream.reset_code, 5, "the upstream stream is reset") == CANCEL


def nanoseconds(timeout):
    """A grpc-timeout as nanoseconds."""
    units = {"n": 1, "u": 10**3, "m": 10**6, "S": 10**9, "M": 60 * 10**9, "H": 3600 * 10**9}
    return int(timeout[:-1]) * units[timeout[-1]]


def test_deadline_after_the_response_has_begun(lab):
    backend = lab.scripted_backend(AnswersHead())
    proxy = proxy_for(lab, backend.port)
    with Wire.client(proxy.port, deadline=5) as wire:
        reply = call(wire, extra=[("grpc-timeout", "300m")])
    assert reply.body == message(b"first")
    # A head that is out cannot become Trailers-Only: trailers, or a reset, must end the call.
    assert reply.grpc_status == 4 or reply.reset_code is not None
    assert eventually(lambda: backend.requests[0].reset_code, 5, "the upstream is reset") == CANCEL


def test_no_deadline_no_timeout_field(lab, silent):
    proxy = proxy_for(lab, silent.port)
    with Wire.client(proxy.port) as wire:
        wire.headers(1, request())
        eventually(lambda: silent.requests, 5, "the request arrives")
        assert silent.requests[0].header("grpc-timeout") is None


def test_deadline_holds_while_there_is_no_connection(lab):
    """A pod that takes the connection and says nothing at all: the deadline ends the call."""
    with contextlib.closing(socket.create_server((HOST, 0))) as listener:
        proxy = proxy_for(lab, listener.getsockname()[1])
        with channel(proxy.address, authority="echo:8080") as own:
            error = failure(lambda: Stub(own).Unary(b"x", timeout=1))
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_time_spent_on_a_refused_attempt_is_taken_off(lab):
    class RefusesLate:
        def on_end(self, request):
            threading.Timer(0.3, request.connection.rst, (request.stream, REFUSED_STREAM)).start()

    first = lab.scripted_backend(RefusesLate())
    second = lab.scripted_backend(RefusesLate())
    proxy = proxy_for(lab, first.port, second.port)
    with Wire.client(proxy.port, deadline=8) as wire:
        reply = call(wire, extra=[("grpc-timeout", "5S")])
    assert reply.reset_code == REFUSED_STREAM or reply.grpc_status == 14
    given = [nanoseconds(r.header("grpc-timeout")) for r in first.requests + second.requests]
    assert len(given) == 2
    assert max(given) <= 5_000_000_000
    assert max(given) - min(given) >= 250_000_000
