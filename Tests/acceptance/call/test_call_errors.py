"""What `fairlead call` says of errors that a server answers."""

import json
import time

import pytest
from google.protobuf import descriptor_pb2

from harness.fairlead_call import call, one_sentence, values

pytestmark = pytest.mark.fairlead_only


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
