"""Many calls of every fate: nothing is left over, neither memory nor streams."""

import json
import random

import grpc
import pytest

from harness.grpc_calls import Stub, channel
from harness.manifests import pod, service
from harness.processes import eventually
from harness.raw_calls import message, request
from harness.wire import DATA, Wire

pytestmark = pytest.mark.fairlead_only

MIB = 1 << 20


@pytest.fixture
def backends(lab):
    return [lab.grpc_backend(f"pod-{number}") for number in (1, 2)]


@pytest.fixture
def proxy(lab, backends):
    folder = lab.manifests()
    pods = [pod("echo", backend.name, backend.port) for backend in backends]
    folder.write("echo.yaml", service("echo"), *pods)
    return lab.fairlead(folder)


def active_streams(proxy):
    return sum(e["active"] for cluster in proxy.clusters() for e in cluster["endpoints"])


def finish(call):
    """Reads a call to its end and gives its code."""
    try:
        for _ in call:
            pass
    except grpc.RpcError:
        pass
    return call.code()


FATES = ["answered", "streamed", "failed", "cancelled", "timed out", "cut short"]


def start(stub, fate, number):
    """Starts a call that will meet its fate, and returns how to wait for it and what it must say."""
    if fate == "answered":
        call = stub.Unary.future(b"%d" % number * 50)
        return lambda: call.result() == b"%d" % number * 50
    if fate == "streamed":
        wish = json.dumps({"count": 20, "size": number % 3000}).encode()
        call = stub.Send(wish)
        return lambda: finish(call) is grpc.StatusCode.OK
    if fate == "failed":
        wish = json.dumps({"code": 9, "message": "no", "head": number % 2}).encode()
        call = stub.Fail.future(wish)
        return lambda: call.exception() is not None and call.code().value[0] == 9
    if fate == "cancelled":
        call = stub.Watch(b"%d" % number)
        next(call)
        call.cancel()
        return lambda: finish(call) is grpc.StatusCode.CANCELLED
    if fate == "timed out":
        call = stub.Watch(b"%d" % number, timeout=0.05)
        return lambda: finish(call) is grpc.StatusCode.DEADLINE_EXCEEDED
    wish = json.dumps({"count": 1000, "size": 20_000}).encode()
    call = stub.Send(wish)
    next(call)
    call.cancel()
    return lambda: finish(call) is grpc.StatusCode.CANCELLED


def test_calls_of_every_fate_side_by_side(proxy):
    """Thirty at a time on two channels; each meets its own fate, and no other's."""
    source = random.Random(540)
    channels = [channel(proxy.address, authority="echo:8080") for _ in range(2)]
    try:
        for first in range(0, 1500, 30):
            waits = []
            for number in range(first, first + 30):
                fate = source.choice(FATES)
                waits.append((fate, start(Stub(channels[number % 2]), fate, number)))
            for fate, met in waits:
                assert met(), fate
        eventually(lambda: active_streams(proxy) == 0, 5, "no stream is left")
    finally:
        for own in channels:
            own.close()


def test_memory_does_not_grow_with_the_number_of_calls(proxy):
    """After ten thousand calls, and a thousand cancelled ones, further ones take no more memory."""

    def calls(stub, count):
        for first in range(0, count, 200):
            started = [stub.Unary.future(bytes(500)) for _ in range(200)]
            assert all(call.result() == bytes(500) for call in started)

    def cancelled(count):
        with Wire.client(proxy.port, deadline=10) as wire:
            for index in range(count):
                stream = 1 + 2 * index
                fields = request(path="/acceptance.Echo/Watch")
                wire.headers(stream, fields, end_stream=False)
                wire.data(stream, message(b"%d" % index))
                wire.read_until(lambda f: f.type == DATA and f.stream == stream, "a message")
                wire.rst(stream)
                wire.window_update(0, 10)

    with channel(proxy.address, authority="echo:8080") as own:
        calls(Stub(own), 6000)
        cancelled(300)
        before = proxy.child.resident_bytes()
        calls(Stub(own), 10_000)
        cancelled(300)
        growth = proxy.child.resident_bytes() - before
    print(f"RSS grew {growth / 1024:.0f} KiB")
    assert growth < 2 * MIB
    eventually(lambda: active_streams(proxy) == 0, 5, "no stream is left")


def test_memory_does_not_grow_with_the_number_of_connections(proxy):
    def connections(count):
        for _ in range(count):
            with Wire.client(proxy.port) as wire:
                wire.headers(1, request(path="/acceptance.Echo/Who"), end_stream=False)
                wire.data(1, message(b""))
                wire.read_until(lambda f: f.stream == 1 and f.ends_stream, "the answer")

    connections(500)
    before = proxy.child.resident_bytes()
    connections(2000)
    growth = proxy.child.resident_bytes() - before
    print(f"RSS grew {growth / 1024:.0f} KiB")
    assert growth < 2 * MIB


def test_memory_does_not_grow_with_the_number_of_configurations(lab, proxy, backends):
    folder = lab.manifests()  # the same folder that the proxy watches

    def edits(count):
        for _ in range(count):
            generation = snapshot(proxy)
            pods = [pod("echo", f"{b.name}-{generation}", b.port) for b in backends]
            folder.write("echo.yaml", service("echo"), *pods)
            eventually(lambda: snapshot(proxy) > generation, 3, "the edit is in force")

    with channel(proxy.address, authority="echo:8080") as own:
        edits(10)
        Stub(own).Who(b"")
        before = proxy.child.resident_bytes()
        for _ in range(4):
            edits(5)
            Stub(own).Who(b"")
        growth = proxy.child.resident_bytes() - before
    print(f"RSS grew {growth / 1024:.0f} KiB")
    assert growth < 4 * MIB


def snapshot(proxy):
    return json.loads(proxy.get("/config_dump")[1])["snapshot"]["generation"]
