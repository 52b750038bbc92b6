"""`fairlead call` against grpcio servers: reflection, files, TLS, streams, error details and wrong input."""

import base64
import json
import os
import pathlib
import socket
import stat
import struct
import subprocess
import sys
import threading
import time
from concurrent import futures

import grpc
import pytest
from google.protobuf import descriptor_pb2
from google.rpc import status_pb2
from grpc_reflection.v1alpha import reflection_pb2

from harness import wire
from harness.call_server import PROTOS, CallServer, descriptor_set
from harness.certificates import Authority
from harness.fairlead import fairlead_binary
from harness.processes import HOST, eventually, free_port
from harness.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.fairlead_only


def call(*arguments, stdin="", environment=None):
    """Runs the command to its end: status, standard output, standard error."""
    done = subprocess.run(
        [fairlead_binary(), "call", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **(environment or {})},
    )
    return done.returncode, done.stdout, done.stderr


def values(text):
    """The JSON values that follow each other in a text."""
    found, position, decoder = [], 0, json.JSONDecoder()
    while text[position:].strip():
        position += len(text[position:]) - len(text[position:].lstrip())
        value, position = decoder.raw_decode(text, position)
        found.append(value)
    return found


def good(*arguments, **options):
    """The JSON values of a call that goes well."""
    status, output, errors = call(*arguments, **options)
    assert status == 0 and not errors, (status, errors)
    return values(output)


def one_sentence(status, errors, expected_status=1):
    """The sentence of a failure, which is one line, and no trace."""
    lines = errors.strip().splitlines()
    assert status == expected_status, (status, errors)
    if expected_status == 1:
        assert len(lines) == 1, errors
    assert lines[0].startswith(("Error: ", "ERROR: ")), errors
    assert not any(word in errors for word in ("RPCError", "Fatal", "NIO", "GRPC")), errors
    return lines[0]


@pytest.fixture(scope="module")
def server():
    server = CallServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mute():
    """A server that does not say what it serves."""
    server = CallServer(reflections=())
    yield server
    server.stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def with_protoc(tmp_path_factory):
    """An environment whose PATH has a protoc, that of grpcio-tools."""
    folder = tmp_path_factory.mktemp("bin")
    protoc = folder / "protoc"
    protoc.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m grpc_tools.protoc "$@"\n')
    protoc.chmod(protoc.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def protoset(tmp_path_factory):
    path = tmp_path_factory.mktemp("sets") / "all.bin"
    path.write_bytes(descriptor_set())
    return path


# What services there are


@pytest.mark.parametrize("reflections", [("v1",), ("v1alpha",), ("v1", "v1alpha")])
def test_reflection_of_each_version(reflections):
    server = CallServer(reflections=reflections)
    status, output, _ = call("--plaintext", server.address, "list")
    assert status == 0
    assert {"shop.v1.Shop", "archive.Archive"} <= set(output.split())
    assert good("-plaintext", "-d", '{"name": "x"}', server.address, "shop.v1.Shop/Find") == [
        {"name": "found x"}
    ]
    server.stop()


def test_list_methods(server):
    status, output, _ = call("--plaintext", server.address, "list", "shop.v1.Shop")
    names = ["Find", "Browse", "Order", "Chat", "Fail", "Echo"]
    assert status == 0 and output.split() == [f"shop.v1.Shop.{name}" for name in names]
    status, output, _ = call("--plaintext", "--json", server.address, "list", "shop.v1.Shop")
    assert status == 0 and len(json.loads(output)) == len(names)


def test_describe(server):
    status, output, _ = call("--plaintext", server.address, "describe", "shop.v1.Shop")
    assert status == 0
    assert "rpc Order(stream shop.v1.Item) returns (shop.v1.Receipt);" in output
    status, output, _ = call("--plaintext", server.address, "describe", "archive.Record")
    assert status == 0 and "repeated group Entry = 2 {" in output, output
    assert "map<int32, string> notes = 3;" in output and "required int32 id = 1;" in output
    # A type of an imported file, a method in both spellings, an extension, all services.
    for symbol in ("common.Money", "shop.v1.Shop.Chat", "shop.v1.Shop/Chat", "archive.label"):
        status, output, errors = call("--plaintext", server.address, "describe", symbol)
        assert status == 0 and symbol.replace("/", ".") in output, errors
    # The server lists its own reflection, which its descriptions leave out.
    status, output, errors = call("--plaintext", server.address, "describe")
    assert status == 1 and "service Shop {" in output and "service Archive {" in output
    assert "knows no 'grpc.reflection.v1.ServerReflection'" in errors


def test_describe_what_is_not_there(server, protoset):
    for symbol, near in (("shop.v1.Itm", "shop.v1.Item"), ("archive.Archiv", "archive.Archive")):
        for source in (["--plaintext", server.address], ["--protoset", protoset]):
            status, output, errors = call(*source, "describe", symbol)
            assert f"(is it '{near}'?)" in one_sentence(status, errors) and not output
    status, _, errors = call("--plaintext", server.address, "list", "shop.v1.Shp")
    assert "(is it 'shop.v1.Shop'?)" in one_sentence(status, errors)


def test_template_can_be_sent(server):
    status, output, _ = call(
        "--plaintext", "--json", "--msg-template", server.address, "describe", "shop.v1.Item"
    )
    assert status == 0
    template = json.loads(output)["template"]
    assert {"name", "count", "price", "colour", "stock", "picture", "maker"} <= set(template)
    good("--plaintext", "-d", json.dumps(template), server.address, "shop.v1.Shop/Find")


def test_files_need_no_server(protoset, with_protoc):
    for files in (["--protoset", protoset], ["--proto", "shop.proto", "--import-path", PROTOS]):
        status, output, errors = call(*files, "list", environment=with_protoc)
        assert status == 0 and "shop.v1.Shop" in output.split(), errors
        status, output, _ = call(*files, "describe", "shop.v1.Item", environment=with_protoc)
        assert status == 0 and "common.Money price = 3;" in output


def test_calls_by_files(mute, protoset, with_protoc):
    for files in (
        ["--protoset", protoset],
        ["--proto", "shop.proto", "--import-path", PROTOS],
        ["--proto", PROTOS / "shop.proto"],
    ):
        arguments = ["--plaintext", *files, "-d", '{"name": "x"}', mute.address]
        found = good(*arguments, "shop.v1.Shop/Find", environment=with_protoc)
        assert found == [{"name": "found x"}]


# Calls of every kind


def test_server_stream(server):
    found = good("--plaintext", "-d", '{"count": 3}', server.address, "shop.v1.Shop/Browse")
    assert found == [{}, {"count": 1}, {"count": 2}]
    found = good(
        "--plaintext", "--emit-defaults", "-d", '{"count": 1}', server.address, "shop.v1.Shop.Browse"
    )
    assert found[0]["count"] == 0 and found[0]["parts"] == [] and found[0]["colour"] == "NONE"


def test_client_stream_from_each_source(server, tmp_path):
    text = '{"name": "a"}\n{"name":\n"b"} {"name": "c"}'
    file = tmp_path / "items.json"
    file.write_text(text)
    for data, stdin in ((text, ""), ("@", text), (f"@{file}", "")):
        found = good("--plaintext", "-d", data, server.address, "shop.v1.Shop/Order", stdin=stdin)
        assert found == [{"items": 3, "names": ["a", "b", "c"]}]
    assert good("--plaintext", server.address, "shop.v1.Shop/Order") == [{}]


def test_large_file_is_streamed(server, tmp_path):
    file = tmp_path / "many.json"
    file.write_text('{"name": "x"}\n' * 20_000)
    found = good("--plaintext", "-d", f"@{file}", server.address, "shop.v1.Shop/Order")
    assert found[0]["items"] == 20_000


def test_data_from_a_named_pipe(server, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text('{"name": "a"} {"name": "b"}'))
    writer.start()
    found = good("--plaintext", "-d", f"@{pipe}", server.address, "shop.v1.Shop/Order")
    writer.join()
    assert found == [{"items": 2, "names": ["a", "b"]}]


class Conversation:
    """The command with its standard input and output open."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [fairlead_binary(), "call", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # Whatever goes wrong, no test waits for ever.
        self.watchdog = threading.Timer(30, self.process.kill)
        self.watchdog.start()

    def say(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def hear(self):
        """The next value: lines up to a closing brace."""
        lines = []
        while not lines or lines[-1] not in ("}\n", "{}\n"):
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            lines.append(line)
        return json.loads("".join(lines))

    def end(self):
        status = self.process.wait()
        self.watchdog.cancel()
        return status


def test_bidirectional_stream_is_a_conversation(server):
    conversation = Conversation("--plaintext", "-d", "@", server.address, "shop.v1.Shop/Chat")
    for name in ("one", "two"):
        conversation.say(f'{{"name": "{name}"}}')
        assert conversation.hear() == {"name": f"re: {name}"}
    conversation.process.stdin.close()
    assert conversation.end() == 0


def test_a_call_that_the_server_ends_does_not_wait_for_input(server):
    conversation = Conversation("--plaintext", "-d", "@", server.address, "shop.v1.Shop/Chat")
    conversation.say('{"name": "bye"}')
    assert conversation.end() == 0


def test_client_stream_sends_messages_as_they_are_read(server):
    server.shop.received.clear()
    conversation = Conversation("--plaintext", "-d", "@", server.address, "shop.v1.Shop/Order")
    conversation.say('{"name": "early"}')
    eventually(lambda: "early" in server.shop.received, 20, "the first message arrives")
    conversation.process.stdin.close()
    assert conversation.hear()["items"] == 1
    assert conversation.end() == 0


def test_a_server_that_ends_a_stream_early_has_the_last_word(server, tmp_path):
    file = tmp_path / "many.json"
    file.write_text('{"name": "x"}\n' * 100 + '{"name": "refuse"}\n' + '{"name": "x"}\n' * 50_000)
    status, _, errors = call("--plaintext", "-d", f"@{file}", server.address, "shop.v1.Shop/Order")
    assert one_sentence(status, errors) == "ERROR: 9 FAILED_PRECONDITION: closed today"


def test_targets_of_other_schemes(tmp_path):
    server = CallServer(path=tmp_path / "shop.sock")
    port = server.port
    for target in (f"unix://{tmp_path}/shop.sock", f"dns:///localhost:{port}", f"localhost:{port}"):
        found = good("--plaintext", "-d", '{"name": "x"}', target, "shop.v1.Shop/Find")
        assert found == [{"name": "found x"}]
    # The first of several addresses that can be reached.
    target = f"ipv4:{HOST}:{free_port()},{HOST}:{port}"
    assert good("--plaintext", target, "shop.v1.Shop/Find") == [{"name": "found "}]
    server.stop()


# What messages hold


def test_well_known_types(server):
    message = {
        "at": "2026-01-31T15:04:05.678Z",
        "lasts": "1.500s",
        "facts": {"a": [1, True, None, "x"], "b": {"c": 2}},
        "value": [1, {"d": "e"}],
        "mask": "userName,at",
        "long": "9007199254740993",
        "text": "",
        "bytes": base64.b64encode(bytes(range(256))).decode(),
        "any": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "3s"},
    }
    arguments = ["--plaintext", "-d", json.dumps(message), server.address]
    assert good(*arguments, "shop.v1.Shop/Echo") == [message]


def test_any_of_a_type_that_reflection_alone_knows(server, protoset):
    message = {"any": {"@type": "type.googleapis.com/shop.v1.Complaint", "about": "x", "times": 2}}
    # Written with the files' help; read by looking the type up.
    arguments = ["--protoset", protoset, "--plaintext", "-d", json.dumps(message), server.address]
    assert good(*arguments, "shop.v1.Shop/Echo") == [message]
    wire = base64.b64encode(b"\x0a\x01x\x10\x02").decode()
    raw = {"any": {"@type": "type.googleapis.com/shop.v1.Complaint", "@value": wire}}
    arguments = ["--plaintext", "-d", json.dumps(raw), server.address, "shop.v1.Shop/Echo"]
    assert good(*arguments) == [message]
    unknown = {"any": {"@type": "type.googleapis.com/no.Such", "@value": wire}}
    arguments = ["--plaintext", "-d", json.dumps(unknown), server.address, "shop.v1.Shop/Echo"]
    assert good(*arguments) == [unknown]


def test_groups_maps_enums_and_extensions_of_proto2(server):
    record = {
        "id": 7,
        "entry": [{"key": "a", "value": "1"}, {"key": "b"}],
        "notes": {"1": "x", "-2": "y"},
        "kind": "PAPER",
        "[archive.label]": "old",
    }
    arguments = ["--plaintext", "-d", json.dumps(record), server.address, "archive.Archive/Store"]
    assert good(*arguments) == [record]


def test_nested_messages_maps_and_bytes(server):
    item = {
        "name": "x",
        "count": -1,
        "price": {"currency": "EUR", "units": "12"},
        "colour": "GREEN",
        "stock": {"a": "1", "ü": "-2"},
        "picture": "AAH/",
        "shelf": "5",
        "parts": [{"parts": [{"name": "inner"}]}, {}],
    }
    arguments = ["--plaintext", "-d", json.dumps(item), server.address, "shop.v1.Shop/Find"]
    assert good(*arguments) == [{**item, "name": "found x"}]


def test_big_messages(server):
    item = {"name": "x" * 10_000_000}
    arguments = ["--plaintext", "-d", "@", server.address, "shop.v1.Shop/Find"]
    found = good(*arguments, stdin=json.dumps(item))
    assert len(found[0]["name"]) == 10_000_006
    status, _, errors = call("--max-msg-sz", 1000, *arguments, stdin=json.dumps(item))
    assert "8 RESOURCE_EXHAUSTED" in one_sentence(status, errors)


# Output that cannot be written


def test_a_reader_that_leaves_ends_the_call(server):
    arguments = ["--plaintext", "-d", '{"count": -1}', server.address, "shop.v1.Shop/Browse"]
    conversation = Conversation(*arguments)
    assert conversation.hear() == {}
    conversation.process.stdout.close()
    assert conversation.end() == 1
    assert conversation.process.stderr.read() == ""


@pytest.mark.parametrize("count", [-1, 1])
def test_output_that_fails_ends_the_call(server, count):
    arguments = ["--plaintext", "-d", f'{{"count": {count}}}', server.address]
    command = [fairlead_binary(), "call", *arguments, "shop.v1.Shop/Browse"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == "Cannot write to standard output: No space left on device.\n"


def test_output_that_is_closed_ends_the_call(server):
    command = f"exec '{fairlead_binary()}' call --plaintext {server.address} list >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == "Cannot write to standard output: Bad file descriptor.\n"


def test_a_reader_that_does_not_wait_loses_nothing(server):
    """Standard output is non-blocking, as programs leave it that share theirs."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    arguments = ["--plaintext", "-d", '{"count": 20000}', server.address, "shop.v1.Shop/Browse"]
    process = subprocess.Popen([fairlead_binary(), "call", *arguments], stdout=writer)
    os.close(writer)
    with open(reader) as output:
        found = values(output.read())
    assert process.wait() == 0 and len(found) == 20_000


def test_a_reader_that_stalls_holds_the_server_back(server):
    """Messages of some bytes, which a window of megabytes would hold millions of."""
    reader, writer = os.pipe()
    arguments = ["--plaintext", "-d", '{"count": -1}', server.address, "shop.v1.Shop/Browse"]
    process = subprocess.Popen([fairlead_binary(), "call", *arguments], stdout=writer)
    os.close(writer)
    try:
        seen = [0]

        def rests():
            # What was sent between two looks, half a second apart.
            before, seen[0] = seen[0], server.shop.browsed
            return before == seen[0] > 0

        eventually(rests, 50, "the server sends no more", every=0.5)
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        kilobytes = int(status.split("VmRSS:")[1].split()[0])
        assert kilobytes < 300_000
    finally:
        os.close(reader)
        process.kill()
        process.wait()


# Metadata and what -v shows


def test_metadata(server):
    headers = ["-H", "X-One: 1", "-Hx-raw-bin: AQI=", "--rpc-header", "x-two: 2"]
    arguments = ["--plaintext", *headers, "--reflect-header", "x-three: 3", server.address]
    good(*arguments, "--authority", "shop.example", "shop.v1.Shop/Find")
    received = dict(server.shop.metadata)
    assert received["x-one"] == "1" and received["x-two"] == "2"
    assert received["x-raw-bin"] == b"\x01\x02" and "x-three" not in received


def test_verbose(server):
    arguments = ["--plaintext", "-v", "-H", "authorization: Bearer geheim", "-H", "x-a: 1"]
    arguments += ["-d", '{"name": "x"}', server.address, "shop.v1.Shop/Find"]
    status, output, _ = call(*arguments)
    assert status == 0
    assert "geheim" not in output and "authorization: [hidden]" in output
    parts = ["rpc Find(shop.v1.Item)", "x-a: 1", f"Answered by {server.address}", "x-pod: shop-1"]
    parts += ["x-raw-bin: AQI=", '"name": "found x"', "x-cost: 3", "Status: 0 OK"]
    positions = [output.find(part) for part in parts]
    assert -1 not in positions and positions == sorted(positions), (positions, output)
    assert "geheim" in call("--show-secrets", *arguments)[1]


def test_json_for_scripts(server):
    status, output, _ = call(
        "--plaintext", "--json", "-d", '{"count": 2}', server.address, "shop.v1.Shop/Browse"
    )
    assert status == 0
    lines = [json.loads(line) for line in output.splitlines()]
    assert lines[0]["peer"] == server.address
    assert [line["message"] for line in lines[1:3]] == [{}, {"count": 1}]
    assert lines[-1]["status"]["name"] == "OK" and lines[-1]["received"] == 2
    status, output, errors = call(
        "--plaintext", "--json", "-d", '{"name": "known"}', server.address, "shop.v1.Shop/Fail"
    )
    last = json.loads(output.splitlines()[-1])["status"]
    assert status == 1 and last["code"] == 3 and len(last["details"]) == 2
    assert "INVALID_ARGUMENT" in errors


# Errors of the server


def failed(server, name, *options):
    arguments = ["--plaintext", *options, "-d", json.dumps({"name": name}), server.address]
    status, output, errors = call(*arguments, "shop.v1.Shop/Fail")
    assert status == 1, (status, errors)
    lines = errors.splitlines()
    return output, lines[0], values("\n".join(lines[1:]))


def test_error_details(server):
    _, line, details = failed(server, "known")
    assert line == "ERROR: 3 INVALID_ARGUMENT: the item is wrong"
    assert details == [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": "name", "description": "too short"}],
        },
        {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "2s"},
    ]
    # The server's own type is looked up; of one that nobody knows there are the bytes.
    complaint = {"@type": "type.googleapis.com/shop.v1.Complaint", "about": "price", "times": 2}
    assert failed(server, "own")[2] == [complaint]
    assert failed(server, "unknown")[2] == [
        {"@type": "type.googleapis.com/no.Such", "@value": "AQI="}
    ]
    output, line, details = failed(server, "late")
    assert values(output) == [{"name": "first"}] and details == [complaint]


def test_error_details_by_files(mute, protoset):
    assert failed(mute, "own", "--protoset", protoset)[2] == [
        {"@type": "type.googleapis.com/shop.v1.Complaint", "about": "price", "times": 2}
    ]


def test_a_server_cannot_move_the_cursor(server):
    arguments = ["--plaintext", "-v", "-d", '{"name": "hostile"}', server.address]
    status, output, errors = call(*arguments, "shop.v1.Shop/Fail")
    assert status == 1 and "NOT_FOUND" in errors and r"\u{1b}[2J" in errors
    assert "\x1b" not in output + errors and "\r" not in output + errors


def test_deadline(server):
    begin = time.monotonic()
    arguments = ["--plaintext", "--max-time", "1", "-d", '{"name": "slow"}', server.address]
    status, output, errors = call(*arguments, "shop.v1.Shop/Fail")
    # The server would hold the call for 20 s.
    assert time.monotonic() - begin < 15
    assert values(output) == [{"name": "wait"}]
    assert "4 DEADLINE_EXCEEDED" in one_sentence(status, errors)


def test_unimplemented(mute, tmp_path):
    """A service that the files know and the server does not."""
    file = descriptor_pb2.FileDescriptorProto(name="x.proto", package="x", syntax="proto3")
    file.message_type.add(name="M")
    file.service.add(name="S").method.add(name="Do", input_type=".x.M", output_type=".x.M")
    path = tmp_path / "x.bin"
    path.write_bytes(descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString())
    status, _, errors = call("--plaintext", "--protoset", path, mute.address, "x.S/Do")
    assert "12 UNIMPLEMENTED" in one_sentence(status, errors)


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


# TLS


def credentials(authority, name, *alternatives, client_authority=None):
    certificate, key = authority.issue(name, *alternatives)
    return grpc.ssl_server_credentials(
        [(key.read_bytes(), certificate.read_bytes())],
        root_certificates=client_authority and client_authority.certificate.read_bytes(),
        require_client_auth=client_authority is not None,
    )


@pytest.fixture(scope="module")
def tls(authority):
    server = CallServer(credentials=credentials(authority, "server", f"IP:{HOST}"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mutual(authority):
    server = CallServer(
        credentials=credentials(authority, "mutual", f"IP:{HOST}", client_authority=authority)
    )
    yield server
    server.stop()


def test_tls(tls, authority):
    trust = ["--cacert", authority.certificate]
    data = ["-d", '{"name": "x"}']
    assert good(*trust, *data, tls.address, "shop.v1.Shop/Find") == [{"name": "found x"}]
    assert good("--insecure", *data, tls.address, "shop.v1.Shop/Find") == [{"name": "found x"}]


def test_the_name_of_the_server(authority):
    server = CallServer(credentials=credentials(authority, "named", "DNS:shop.example"))
    arguments = ["--cacert", authority.certificate, "-d", '{"name": "x"}']
    for name in (["--server-name", "shop.example"], ["--authority", "shop.example"]):
        found = good(*arguments, *name, server.address, "shop.v1.Shop/Find")
        assert found == [{"name": "found x"}]
    for name in ([], ["--server-name", "other.example"]):
        status, _, errors = call(*arguments, *name, server.address, "shop.v1.Shop/Find")
        sentence = one_sentence(status, errors)
        assert "other names" in sentence and "--server-name" in sentence
    server.stop()


def test_wrong_tls(tls, tmp_path):
    other = Authority(tmp_path, "other")
    for arguments in ([], ["--cacert", other.certificate]):
        status, _, errors = call(*arguments, tls.address, "list")
        sentence = one_sentence(status, errors)
        assert "not signed by a trusted authority" in sentence and "--cacert" in sentence
    status, _, errors = call("--cacert", tmp_path / "none", tls.address, "list")
    assert "cannot be read" in one_sentence(status, errors)


def test_plaintext_and_tls_mistaken_for_each_other(server, tls):
    status, _, errors = call(server.address, "list")
    assert "does not speak TLS" in (sentence := one_sentence(status, errors))
    assert "--plaintext" in sentence
    status, _, errors = call("--plaintext", tls.address, "list")
    assert "--plaintext" in one_sentence(status, errors)


def test_mutual_tls(mutual, authority, tmp_path):
    trust = ["--cacert", authority.certificate]
    certificate, key = authority.issue("client")
    identity = ["--cert", certificate, "--key", key]
    assert "shop.v1.Shop" in call(*trust, *identity, mutual.address, "list")[1]
    status, _, errors = call(*trust, mutual.address, "list")
    assert "--cert" in one_sentence(status, errors)
    stranger, key = Authority(tmp_path, "other").issue("stranger")
    status, _, errors = call(*trust, "--cert", stranger, "--key", key, mutual.address, "list")
    assert "client certificate" in one_sentence(status, errors)


# Wrong input


@pytest.mark.parametrize(
    "data, method, words",
    [
        ("{}", "shop.v1.Shop/Finf", "has no method 'Finf' (is it 'Find'?)"),
        ("{}", "shop.v1.Shp/Find", "(is it 'shop.v1.Shop'?)"),
        ("{}", "shop.v1.Shop", "such as shop.v1.Shop/Find"),
    ],
)
def test_methods_that_are_not_there(server, data, method, words):
    status, output, errors = call("--plaintext", "-d", data, server.address, method)
    assert words in one_sentence(status, errors) and not output


@pytest.mark.parametrize(
    "data, method, words",
    [
        ("{}", "Find", "package.Service/Method"),
        ("{}", "lst", "(is it 'list'?)"),
        ('{"nam": "x"}', "shop.v1.Shop/Find", 'no shop.v1.Item: there is no field "nam"'),
        ('{"nam": "x"}', "shop.v1.Shop/Find", "(is it 'name'?)."),
        ('{"name": 1}', "shop.v1.Shop/Find", "name: "),
        ('{"count": "many"}', "shop.v1.Shop/Find", "count: "),
        ('{"price": {"units": []}}', "shop.v1.Shop/Find", "price.units: "),
        ('{"maker": "a", "shelf": 1}', "shop.v1.Shop/Find", "shelf"),
        ('{"colour": "BLUE"}', "shop.v1.Shop/Find", "BLUE"),
        ("[]", "shop.v1.Shop/Find", "shop.v1.Item"),
        ("-5", "shop.v1.Shop/Find", "shop.v1.Item"),
        ("{} {}", "shop.v1.Shop/Find", "takes one message"),
        ("{}", "archive.Archive/Store", "id"),
        ('{"name": "a"} {"name": 2}', "shop.v1.Shop/Order", "Message 2 of the data"),
    ],
)
def test_wrong_requests(server, data, method, words):
    status, output, errors = call("--plaintext", "-d", data, server.address, method)
    assert words in one_sentence(status, errors, 2) and not output


def test_bad_json(server, tmp_path):
    for method in ("shop.v1.Shop/Find", "shop.v1.Shop/Order"):
        arguments = ["--plaintext", "-d", '{"name": "x",}', server.address, method]
        status, _, errors = call(*arguments)
        assert "line 1, column 14" in one_sentence(status, errors, 2)
        arguments[2] = "@"
        status, _, errors = call(*arguments, stdin='{"name": "x"}\n{"name" "x"}')
        assert "line 2, column 9" in one_sentence(status, errors, 2)
        arguments[2] = f"@{tmp_path}/none.json"
        status, _, errors = call(*arguments)
        assert "none.json: no such file" in one_sentence(status, errors)


@pytest.mark.parametrize("yes", ["-plaintext=true", "--plaintext=1", "-plaintext=T"])
def test_switches_of_go(server, yes):
    arguments = [yes, "-v=false", "-emit-defaults=true", "-json=f", "-d", '{"count": 1}', server.address]
    assert good(*arguments, "shop.v1.Shop/Browse")[0]["count"] == 0


@pytest.mark.parametrize("command", ["call", "load"])
@pytest.mark.parametrize(
    "flag, sentence",
    [
        ("-nosuch", "Error: Unknown option '-nosuch'. See 'fairlead COMMAND --help'."),
        ("-insecur", "Error: Unknown option '-insecur'. Did you mean '--insecure'? See 'fairlead COMMAND --help'."),
        ("-expand-headers", "Error: Unknown option '-expand-headers'. See 'fairlead COMMAND --help'."),
        ("--nosuch", "Error: Unknown option '--nosuch'. See 'fairlead COMMAND --help'."),
        ("-plaintext=maybe", "Error: 'maybe' is neither true nor false: write -plaintext or -plaintext=false."),
    ],
)
def test_flags_that_are_wrong(command, flag, sentence):
    done = subprocess.run(
        [fairlead_binary(), command, flag, "127.0.0.1:1", "list"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == sentence.replace("COMMAND", command)


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


def test_wrong_files(tmp_path, with_protoc):
    arguments = ["--proto", "shop.proto", "list"]
    status, _, errors = call(*arguments, environment={"PATH": str(tmp_path)})
    sentence = one_sentence(status, errors)
    assert "protobuf-compiler" in sentence and "--protoset" in sentence
    bare = tmp_path / "shop.proto"
    bare.write_text((PROTOS / "shop.proto").read_text())
    status, _, errors = call("--proto", bare, "list", environment=with_protoc)
    sentence = one_sentence(status, errors)
    assert "common/money.proto" in sentence and "--import-path" in sentence
    bare.write_text("no proto")
    status, _, errors = call("--proto", bare, "list", environment=with_protoc)
    assert "shop.proto" in one_sentence(status, errors)
    for path in (bare, tmp_path / "none"):
        status, _, errors = call("--protoset", path, "list")
        assert str(path) in one_sentence(status, errors)


@pytest.mark.parametrize(
    "secret",
    [
        ["-H", "authorization=Bearer geheim"],
        ["-H", "authorization: Bearer geh\u00ebim geheim"],
        ["-Hauthorization=Bearer geheim"],
        ["-Hauthorization: Bearer geh\u00ebim geheim"],
        ["--authorization: Bearer geheim"],
        ["--rpc-header", "authorization geheim"],
        ["--reflect-header", "x-key-bin: geheim!"],
        ["-d", '{"password": "geheim",}'],
        ['-d{"password": "geheim",}'],
    ],
)
def test_wrong_usage_shows_no_secrets(secret):
    status, output, errors = call(*secret, "127.0.0.1:1", "list")
    one_sentence(status, errors, 2)
    assert "geheim" not in output + errors


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["127.0.0.1:1"],
        ["list"],
        ["127.0.0.1", "list"],
        ["127.0.0.1:99999", "list"],
        ["nosuch:///x", "list"],
        ["--plaintext", "--insecure", "127.0.0.1:1", "list"],
        ["--cert", "x", "127.0.0.1:1", "list"],
        ["--format", "text", "127.0.0.1:1", "list"],
        ["127.0.0.1:1", "lst"],
        ["127.0.0.1:1", "Find"],
        ["-H", "novalue", "127.0.0.1:1", "list"],
        ["--import-path", "x", "127.0.0.1:1", "list"],
        ["--proto", "x", "--protoset", "y", "list"],
        ["127.0.0.1:1", "p.S/M", "extra"],
        ["--nonsense", "127.0.0.1:1", "list"],
    ],
)
def test_wrong_usage(arguments):
    status, output, errors = call(*arguments)
    one_sentence(status, errors, 2)
    assert not output


@pytest.mark.parametrize(
    "option, value, example",
    [
        ("--max-time", "soon", "5, 500ms or 1m"),
        ("--connect-timeout", "x", "5, 500ms or 1m"),
        ("--max-msg-sz", "4MB", "whole number, such as 100"),
    ],
)
def test_values_that_are_wrong(option, value, example):
    status, _, errors = call(option, value, "127.0.0.1:1", "list")
    sentence = one_sentence(status, errors, 2)
    assert sentence.startswith(f"Error: The value '{value}' is invalid for '{option}") and example in sentence


def test_help():
    status, output, _ = call("--help")
    assert status == 0 and "helloworld.Greeter/SayHello" in output and "--plaintext" in output
