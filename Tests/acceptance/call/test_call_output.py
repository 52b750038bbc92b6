"""Where the output of `fairlead call` goes: metadata, -v, JSON for scripts, and readers that leave or stall."""

import json
import os
import pathlib
import subprocess

import pytest

from harness.fairlead import fairlead_binary
from harness.fairlead_call import Conversation, call, good, values
from harness.processes import eventually

pytestmark = pytest.mark.fairlead_only


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
