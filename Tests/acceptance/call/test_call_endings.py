"""What `fairlead call` says when no server answers: nobody there, GOAWAY, resets, lost connections."""

import socket
import struct

import pytest

from harness import wire
from harness.fairlead_call import call, one_sentence, values
from harness.processes import HOST, free_port
from harness.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.fairlead_only


def test_no_reflection(mute):
    for words in (["list"], ["describe"], ["shop.v1.Shop/Find"]):
        status, _, errors = call("--plaintext", mute.address, *words)
        sentence = one_sentence(status, errors)
        assert "no reflection" in sentence and "--proto" in sentence and "--protoset" in sentence


def test_nobody_there(mute, protoset):
    closed = f"{HOST}:{free_port()}"
    for files in ([], ["--protoset", protoset]):
        status, _, errors = call("--plaintext", *files, closed, "shop.v1.Shop/Find")
        assert "connection refused" in one_sentence(status, errors) and closed in errors
        status, _, errors = call("--plaintext", *files, "no.such.invalid:80", "shop.v1.Shop/Find")
        assert "no.such.invalid" in one_sentence(status, errors)


def test_a_server_that_says_nothing():
    """It takes connections, and that is all."""
    with socket.create_server((HOST, 0)) as silent:
        address = f"{HOST}:{silent.getsockname()[1]}"
        status, _, errors = call("--plaintext", "--connect-timeout", "500ms", address, "list")
        assert address in one_sentence(status, errors)
        status, _, errors = call("--plaintext", "--max-time", "500ms", address, "list")
        assert "DEADLINE_EXCEEDED" in one_sentence(status, errors)


class Unwilling:
    """Takes connections, and says GOAWAY or closes, at once or when a call comes."""

    def __init__(self, manner):
        self.manner = manner

    def on_connection(self, connection):
        if self.manner == "goaway":
            self.say_goaway(connection)
        if self.manner == "close":
            connection.socket.shutdown(socket.SHUT_RDWR)

    def on_headers(self, request):
        if self.manner == "goaway at a call":
            self.say_goaway(request.connection)
        if self.manner == "close at a call":
            request.connection.socket.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def say_goaway(connection):
        code = struct.pack(">II", 0, 11)
        connection.frame(wire.GOAWAY, payload=code + b"slow\x1b[2J down" + b"!" * 5000)


@pytest.mark.parametrize(
    "manner, words",
    [
        ("goaway", "GOAWAY (ENHANCE_YOUR_CALM, slow\\u{1b}[2J down!!!"),
        ("close", "onnection was"),
        ("goaway at a call", "GOAWAY (ENHANCE_YOUR_CALM, slow\\u{1b}[2J down!!!"),
        ("close at a call", "The connection was lost"),
    ],
)
def test_a_server_that_takes_no_calls(protoset, manner, words):
    """Without --max-time: it must end by itself."""
    backend = ScriptedBackend(Unwilling(manner))
    address = f"{HOST}:{backend.port}"
    found = []
    status, _, errors = call("--plaintext", "--protoset", protoset, address, "shop.v1.Shop/Find")
    found.append(one_sentence(status, errors))
    assert found[0].startswith("ERROR: 14 UNAVAILABLE: ")
    for action in (["list"], ["describe", "a.B"], ["a.B/C"]):
        status, _, errors = call("--plaintext", address, *action)
        found.append(one_sentence(status, errors))
    for sentence in found:
        assert words in sentence and "UNAVAILABLE" in sentence and len(sentence) < 500, sentence
    backend.stop()


class Resets:
    """Resets each stream with a code, after so many messages."""

    def __init__(self, code, messages):
        self.code = code
        self.messages = messages

    def on_headers(self, request):
        if self.messages:
            request.respond([(":status", "200"), ("content-type", "application/grpc")], end_stream=False)
            request.connection.data(request.stream, b"\0\0\0\0\0" * self.messages, end_stream=False)
        request.connection.rst(request.stream, self.code)


@pytest.mark.parametrize(
    "code, name", [(2, "INTERNAL_ERROR"), (8, "CANCEL"), (wire.ENHANCE_YOUR_CALM, "ENHANCE_YOUR_CALM")]
)
@pytest.mark.parametrize("method, messages", [("Find", 0), ("Browse", 0), ("Browse", 2)])
def test_a_stream_that_the_server_resets(protoset, code, name, method, messages):
    """The connection lives: it is not said to be lost."""
    backend = ScriptedBackend(Resets(code, messages))
    address = f"{HOST}:{backend.port}"
    status, output, errors = call("--plaintext", "--protoset", protoset, address, f"shop.v1.Shop/{method}")
    assert one_sentence(status, errors) == f"ERROR: 14 UNAVAILABLE: The server reset the stream ({name})."
    assert len(values(output)) == messages
    if not messages:
        status, _, errors = call("--plaintext", address, "list")
        assert f"The server reset the stream ({name})." in one_sentence(status, errors)
    backend.stop()


def test_a_connection_that_is_lost_after_a_message(protoset):
    class Script:
        def on_end(self, request):
            request.respond([(":status", "200"), ("content-type", "application/grpc")], end_stream=False)
            request.connection.data(request.stream, b"\0\0\0\0\0", end_stream=False)
            request.connection.socket.shutdown(socket.SHUT_RDWR)

    backend = ScriptedBackend(Script())
    arguments = ["--plaintext", "--protoset", protoset, f"{HOST}:{backend.port}"]
    status, output, errors = call(*arguments, "shop.v1.Shop/Browse")
    backend.stop()
    assert values(output) == [{}]
    assert (
        one_sentence(status, errors)
        == "ERROR: 14 UNAVAILABLE: The connection was lost before the call ended."
    )


@pytest.mark.parametrize(
    "words",
    ["Stream unexpectedly closed.", "Channel isn't ready: no pods", "Stream unexpectedly closed by pod-1"],
)
def test_a_server_that_speaks_of_lost_connections(protoset, words):
    """What a server says of one behind it stays as it is."""

    class Script:
        def on_end(self, request):
            head = [(":status", "200"), ("content-type", "application/grpc")]
            request.respond([*head, ("grpc-status", "14"), ("grpc-message", words)])

    backend = ScriptedBackend(Script())
    arguments = ["--plaintext", "--protoset", protoset, f"{HOST}:{backend.port}"]
    status, _, errors = call(*arguments, "shop.v1.Shop/Find")
    backend.stop()
    assert one_sentence(status, errors) == f"ERROR: 14 UNAVAILABLE: {words}"


def test_an_answer_that_is_not_grpc(protoset):
    class Script:
        def on_headers(self, request):
            request.respond([(":status", "200"), ("content-type", "text/html")], b"<html>")

    backend = ScriptedBackend(Script())
    address = f"{HOST}:{backend.port}"
    for words in (["list"], ["--protoset", protoset, "shop.v1.Shop/Find"]):
        options, action = words[:-1], words[-1:]
        status, _, errors = call("--plaintext", *options, address, *action)
        assert "content-type is not application/grpc" in one_sentence(status, errors)
    backend.stop()
