"""A call through the proxy is, octet for octet, the call without it."""

import base64
import hashlib
import json
import struct
import threading

import grpc
import pytest

from harness.grpc_calls import Stub, channel, failure, outcome_of_stream, outcome_of_unary
from harness.grpc_server import pattern

MIB = 1 << 20


@pytest.fixture(scope="module")
def backend(module_lab):
    return module_lab.grpc_backend("echo-1")


@pytest.fixture(scope="module")
def direct(backend):
    with channel(backend.address) as own:
        yield Stub(own)


@pytest.fixture(scope="module")
def proxied(module_lab, backend):
    with channel(module_lab.front(backend.port).address) as own:
        yield Stub(own)


@pytest.fixture(params=["direct", "proxied"])
def either(request):
    """The same expectation of both ways, so that a failure tells the test from the proxy."""
    return request.getfixturevalue(request.param)


def same(direct, proxied, act):
    """Acts both ways, and returns what was the same."""
    expected, actual = act(direct), act(proxied)
    assert actual == expected
    return actual


@pytest.mark.parametrize("size", [0, 1, 9, 16383, 16384, 65535, 65536, 1_000_003])
def test_unary(direct, proxied, size):
    message = pattern(size, size)
    result = same(direct, proxied, lambda s: outcome_of_unary(lambda: s.Unary.future(message)))
    assert result.messages == [message]
    assert result.code is grpc.StatusCode.OK


def test_many_unary_calls_at_once(proxied):
    for first in range(0, 2000, 400):  # a grpcio server refuses more than 1,000 that wait
        started = [
            (n, proxied.Unary.future(struct.pack(">I", n) * 100)) for n in range(first, first + 400)
        ]
        for n, call in started:
            assert call.result() == struct.pack(">I", n) * 100


def test_message_of_64_mib_each_way(direct, proxied):
    message = pattern(7, 64 * MIB)
    digest = hashlib.sha256(message).digest()
    for stub in (direct, proxied):
        answer = stub.Unary(message, timeout=50)
        assert hashlib.sha256(answer).digest() == digest


def test_server_stream_of_100000_messages(either):
    request = json.dumps({"count": 100_000, "size": 24}).encode()
    count = 0
    for index, message in enumerate(either.Send(request, timeout=50)):
        assert message == pattern(index, 24)
        count += 1
    assert count == 100_000


def test_client_stream_of_100000_messages(either):
    hashed = hashlib.sha256()

    def messages():
        for index in range(100_000):
            message = pattern(index, index % 50)
            hashed.update(struct.pack(">Q", len(message)) + message)
            yield message

    answer = json.loads(either.Digest(messages(), timeout=50))
    assert answer["count"] == 100_000
    assert answer["digest"] == hashed.hexdigest()


def test_both_streams_take_turns(either):
    """Each message is answered before the next is sent, so nothing may wait for more."""
    ready, answered = threading.Semaphore(1), []

    def messages():
        for index in range(500):
            assert ready.acquire(timeout=10)
            yield pattern(index, index)

    for answer in either.Each(messages(), timeout=30):
        answered.append(answer)
        ready.release()
    assert answered == [pattern(index, index) for index in range(500)]


def test_both_streams_at_full_speed(either):
    sizes = [0, 1, 100, 20_000] * 1000
    answers = either.Each((pattern(i, n) for i, n in enumerate(sizes)), timeout=50)
    assert all(a == pattern(i, sizes[i]) for i, a in enumerate(answers))


def test_empty_messages(direct, proxied):
    act = lambda s: outcome_of_stream(s.Each(iter([b"", b"", b"x", b""]), timeout=10))  # noqa: E731
    assert same(direct, proxied, act).messages == [b"", b"", b"x", b""]


def test_streams_without_a_message(direct, proxied):
    none = json.dumps({"count": 0, "size": 1}).encode()
    same(direct, proxied, lambda s: outcome_of_stream(s.Send(none, timeout=10)))
    same(direct, proxied, lambda s: outcome_of_stream(s.Each(iter([]), timeout=10)))
    same(direct, proxied, lambda s: outcome_of_unary(lambda: s.Digest.future(iter([]))))


METADATA = [
    ("x-plain", "one"),
    ("x-repeated", "first"),
    ("x-repeated", "second"),
    ("x-repeated", "third"),
    ("x-spaces", "a b  c"),
    ("x-comma", "a,b"),
    ("x-empty", ""),
    ("x-symbols", "!#$%&'*+-.^_`|~\"<>(){}[]@/\\=?;:"),
    ("x-octets-bin", bytes(range(256))),
    ("x-repeated-bin", b"\x00\x01"),
    ("x-repeated-bin", b"\xff\xfe"),
    ("x-empty-bin", b""),
]


def test_metadata_both_ways(direct, proxied):
    def act(stub):
        outcome = outcome_of_unary(lambda: stub.Metadata.future(b"", metadata=METADATA))
        received = {}
        for key, value in json.loads(outcome.messages[0]):
            received.setdefault(key, []).append(value)
        outcome.messages = [received]
        return outcome

    result = same(direct, proxied, act)
    assert result.initial["initial-x-repeated"] == ["first", "second", "third"]
    assert result.trailing["trailing-x-octets-bin"] == [bytes(range(256))]
    assert result.trailing["trailing-x-repeated-bin"] == [b"\x00\x01", b"\xff\xfe"]


@pytest.mark.parametrize("size", [1000, 8000, 16_000])
def test_large_metadata(direct, proxied, size):
    """Up to the 16 KiB that a grpcio peer takes unless told otherwise."""
    wanted = [("x-large", "v" * (size // 2)), ("x-large-bin", bytes(size * 3 // 8))]
    act = lambda s: outcome_of_unary(lambda: s.Metadata.future(b"", metadata=wanted))  # noqa: E731
    expected, actual = act(direct), act(proxied)
    assert (actual.code, actual.details) == (expected.code, expected.details)
    assert actual.trailing == expected.trailing


@pytest.mark.parametrize("head", [False, True], ids=["trailers-only", "after-a-head"])
@pytest.mark.parametrize("code", [1, 2, 3, 5, 8, 13, 14, 16])
def test_errors(direct, proxied, code, head):
    details = bytes(range(256))
    wish = {
        "code": code,
        "message": "it failed: 100 % of “it”\n and more",
        "trailing": [("x-reason", "a"), ("x-reason", "b")],
        "details": base64.b64encode(details).decode(),
        "head": head,
    }
    request = json.dumps(wish).encode()
    result = same(direct, proxied, lambda s: outcome_of_unary(lambda: s.Fail.future(request)))
    assert result.code.value[0] == code
    assert result.details == wish["message"]
    assert result.trailing["grpc-status-details-bin"] == [details]
    assert result.trailing["x-reason"] == ["a", "b"]


def test_error_after_messages(direct, proxied):
    request = json.dumps({"count": 10, "size": 1000}).encode()
    result = same(direct, proxied, lambda s: outcome_of_stream(s.FailAfter(request, timeout=10)))
    assert len(result.messages) == 10
    assert result.code is grpc.StatusCode.DATA_LOSS
    assert result.trailing["x-after"] == ["10"]


def test_unknown_method_is_the_backends_answer(direct, proxied):
    act = lambda s: outcome_of_stream(s.NoSuchMethod(iter([b"x"]), timeout=10))  # noqa: E731
    assert same(direct, proxied, act).code is grpc.StatusCode.UNIMPLEMENTED


def test_deadline_reaches_both_sides(either, backend):
    before = len(backend.events("hang"))
    error = failure(lambda: either.Hang(b"", timeout=0.5))
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    backend.wait_for_event("hang ended")
    given = backend.events("hang")[before]["time_remaining"]
    assert given is not None and given <= 0.51  # sent in whole milliseconds, rounded up


def test_cancel_is_seen_by_the_server(either, backend):
    name = f"cancel-{id(either)}"
    call = either.Watch(name.encode(), timeout=20)
    assert next(call)
    call.cancel()
    backend.wait_for_event("watch ended", id=name)


def test_client_closes_its_half_and_gets_all_answers(direct, proxied):
    act = lambda s: outcome_of_stream(s.CountThenSend(iter([b"x"] * 100), timeout=10))  # noqa: E731
    assert len(same(direct, proxied, act).messages) == 100


def test_server_answers_before_the_client_has_finished(either):
    finished = threading.Event()

    def messages():
        yield b"first"
        finished.wait(10)

    assert either.AnswerEarly(messages(), timeout=8) == b"first"
    finished.set()


@pytest.mark.parametrize("compression", [grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_compressed_messages(direct, proxied, compression):
    message = b"compressible " * 10_000

    def act(stub):
        call = stub.Unary.future(message, compression=compression)
        return outcome_of_unary(lambda: call)

    assert same(direct, proxied, act).messages == [message]
