"""What messages hold: `fairlead call` reads and writes it as JSON."""

import base64
import json

import pytest

from harness import wire
from harness.fairlead_call import call, good, one_sentence

pytestmark = pytest.mark.fairlead_only


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
