"""What `fairlead call` says of wrong input."""

import subprocess

import pytest

from harness.call_server import PROTOS
from harness.fairlead import fairlead_binary
from harness.fairlead_call import call, good, one_sentence

pytestmark = pytest.mark.fairlead_only


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
