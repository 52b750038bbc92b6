"""The bounds of `fairlead call`: reflection that is refused or never ends, names that fill the memory, and --max-time."""

import os
import threading
from concurrent import futures

import grpc
import pytest
from google.protobuf import descriptor_pb2
from google.rpc import status_pb2
from grpc_reflection.v1alpha import reflection_pb2

from harness.fairlead_call import Conversation, call, one_sentence, values
from harness.processes import HOST
from harness.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.fairlead_only


def test_reflection_that_is_not_allowed():
    """What the server says of it is shown, and not that there is no such thing."""

    class Guarded(HostileReflection):
        def answer(self, questions, context):
            for question in questions:
                response = reflection_pb2.ServerReflectionResponse(original_request=question)
                response.error_response.error_code = 7
                response.error_response.error_message = "not for \x1b[2Jyou"
                yield response

    guarded = Guarded()
    address = f"{HOST}:{guarded.port}"
    for words in (["list"], ["describe", "a.B"], ["a.B/C"]):
        status, _, errors = call("--plaintext", address, *words)
        sentence = one_sentence(status, errors)
        assert "PERMISSION_DENIED: not for \\u{1b}[2Jyou" in sentence, sentence
    guarded.server.stop(None).wait()


@pytest.mark.parametrize("kind", ["message_type", "service"])
def test_names_that_would_fill_the_memory(tmp_path, kind):
    file = descriptor_pb2.FileDescriptorProto(name="x.proto", package="p" * 50_000, syntax="proto3")
    for number in range(20_000):
        getattr(file, kind).add(name=f"M{number}")
    path = tmp_path / "x.bin"
    path.write_bytes(descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString())
    status, _, errors = call("--protoset", path, "list")
    assert "longer than 1024 bytes" in one_sentence(status, errors)


@pytest.mark.parametrize("count", [2, 1_000_000])
def test_a_unary_method_that_does_not_stop(protoset, count):
    class Script:
        def on_end(self, request):
            request.connection.headers(
                request.stream, [(":status", "200"), ("content-type", "application/grpc")], end_stream=False
            )
            for _ in range(count):
                request.connection.data(request.stream, b"\0\0\0\0\0", end_stream=False)
                if request.reset_code is not None:
                    return
            request.connection.headers(request.stream, [("grpc-status", "0")])

    backend = ScriptedBackend(Script())
    address = f"{HOST}:{backend.port}"
    status, output, errors = call("--plaintext", "--protoset", protoset, address, "shop.v1.Shop/Find")
    backend.stop()
    assert one_sentence(status, errors).startswith("ERROR: 13 INTERNAL: The server answers with more")
    assert values(output) == [{}]


class HostileReflection:
    """Reflection that never ends: each file imports the next one, and names move the cursor."""

    def __init__(self):
        self.files = 0
        self.server = grpc.server(futures.ThreadPoolExecutor(4))
        protos = reflection_pb2
        handler = grpc.stream_stream_rpc_method_handler(
            self.answer,
            request_deserializer=protos.ServerReflectionRequest.FromString,
            response_serializer=protos.ServerReflectionResponse.SerializeToString,
        )
        self.server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    "grpc.reflection.v1.ServerReflection", {"ServerReflectionInfo": handler}
                )
            ]
        )
        self.port = self.server.add_insecure_port(f"{HOST}:0")
        self.server.start()

    def answer(self, questions, context):
        for question in questions:
            response = reflection_pb2.ServerReflectionResponse(original_request=question)
            if question.HasField("list_services"):
                response.list_services_response.service.add(name="a\x1b[2J.Evil\r\u202e")
            else:
                file = descriptor_pb2.FileDescriptorProto(name=f"{self.files}.proto", package="a")
                self.files += 1
                file.dependency.append(f"{self.files}.proto")
                response.file_descriptor_response.file_descriptor_proto.append(
                    file.SerializeToString()
                )
            yield response


def test_reflection_that_is_hostile():
    hostile = HostileReflection()
    address = f"{HOST}:{hostile.port}"
    status, output, _ = call("--plaintext", address, "list")
    assert status == 0 and output == "a\\u{1b}[2J.Evil\\u{d}\\u{202e}\n"
    status, output, errors = call("--plaintext", address, "describe", "a.Evil")
    assert "more than 4096 files" in one_sentence(status, errors) and hostile.files < 5000
    hostile.server.stop(None).wait()


class SlowReflection(HostileReflection):
    """Says what `x.S` is, and nothing of anything else; `x.S/Do` fails with details that would have to be asked for."""

    def __init__(self):
        super().__init__()
        self.released = threading.Event()
        self.server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    "x.S", {"Do": grpc.unary_unary_rpc_method_handler(self.do)}
                )
            ]
        )

    def do(self, message, context):
        status = status_pb2.Status(code=9, message="not now")
        for number in range(64):
            status.details.add(type_url=f"type.googleapis.com/no.T{number}", value=b"\x08\x01")
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, status.message)

    def answer(self, questions, context):
        for question in questions:
            if question.file_containing_symbol != "x.S":
                self.released.wait(120)
                return
            file = descriptor_pb2.FileDescriptorProto(name="x.proto", package="x", syntax="proto3")
            file.message_type.add(name="M")
            file.service.add(name="S").method.add(name="Do", input_type=".x.M", output_type=".x.M")
            response = reflection_pb2.ServerReflectionResponse(original_request=question)
            response.file_descriptor_response.file_descriptor_proto.append(file.SerializeToString())
            yield response


def test_max_time_is_for_everything(tmp_path):
    slow = SlowReflection()
    address = f"{HOST}:{slow.port}"
    # Each detail alone could take that long. It is long enough for the call itself on any machine.
    status, _, errors = call("--plaintext", "--max-time", "5s", address, "x.S/Do")
    assert status == 1 and errors.startswith("ERROR: 9 FAILED_PRECONDITION: not now\n"), errors
    assert errors.count("type.googleapis.com/no.T") == 64
    for words in (["list"], ["describe", "x.T"], ["x.T/Do"]):
        status, _, errors = call("--plaintext", "--max-time", "1s", address, *words)
        assert "DEADLINE_EXCEEDED" in one_sentence(status, errors)
    slow.released.set()
    slow.server.stop(None).wait()


def test_max_time_is_for_data_and_files_too(server, protoset, tmp_path):
    # Nothing but the data has to be waited for.
    options = ["--max-time", "2s", "--plaintext", "--protoset", protoset]
    arguments = [*options, "-d", "@", server.address]
    waiting = Conversation(*arguments, "shop.v1.Shop/Find")
    assert waiting.end() == 1
    assert "data" in (words := waiting.process.stderr.read()) and "--max-time" in words
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    status, _, errors = call(*options, "-d", f"@{pipe}", server.address, "shop.v1.Shop/Find")
    assert "data" in (words := one_sentence(status, errors)) and "--max-time" in words
    protoc = tmp_path / "protoc"
    protoc.write_text("#!/bin/sh\nexec sleep 120\n")
    protoc.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for words in (["list"], [server.address, "shop.v1.Shop/Find"]):
        status, _, errors = call(
            "--max-time", "500ms", "--proto", "shop.proto", *words, environment=environment
        )
        assert "--max-time" in one_sentence(status, errors)
