"""Calls of every kind that `fairlead call` makes, and where their data come from."""

import os
import threading

import pytest

from harness.call_server import CallServer
from harness.fairlead_call import Conversation, call, good, one_sentence
from harness.processes import HOST, eventually, free_port

pytestmark = pytest.mark.fairlead_only


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
