"""What `fairlead call` says there is, by reflection and by files."""

import json

import pytest

from harness.call_server import PROTOS, CallServer
from harness.fairlead_call import call, good, one_sentence

pytestmark = pytest.mark.fairlead_only


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
