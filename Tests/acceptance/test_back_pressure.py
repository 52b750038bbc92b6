"""A slow reader holds its sender back, and the proxy keeps no more than the windows allow."""

import json
import threading
import time

import pytest

from harness.grpc_calls import Stub, channel

MIB = 1 << 20
GIB_IN_MESSAGES = 1024
SECONDS = 20
ALLOWED_GROWTH = 16 * MIB
# What may be on its way at once in sockets, in windows, in both gRPC libraries and in the proxy.
ALLOWED_AHEAD = 48


class Slow:
    """A call that runs on a thread of its own for `SECONDS`."""

    def __init__(self, act):
        self.failure = None
        self.result = None

        def run():
            try:
                self.result = act()
            except Exception as error:
                self.failure = error

        self.thread = threading.Thread(target=run)
        self.thread.start()

    def finish(self):
        self.thread.join(SECONDS + 20)
        assert not self.thread.is_alive(), "the slow call has not ended"
        if self.failure:
            raise self.failure
        return self.result


def read_slowly(stub):
    """Reads a stream of 1 GiB at 1 MiB a second, and gives up after its time."""
    request = json.dumps({"count": GIB_IN_MESSAGES, "size": MIB}).encode()
    call, end, count = stub.Send(request), time.monotonic() + SECONDS, 0
    for answer in call:
        assert len(answer) == MIB
        count += 1
        if time.monotonic() >= end:
            break
        time.sleep(1)
    call.cancel()
    return count


def send_to_slow_reader(stub, sent):
    """Offers 1 GiB to a server that reads 1 MiB a second, and counts what is taken."""

    def messages():
        chunk = bytes(MIB)
        for _ in range(GIB_IN_MESSAGES):
            sent.append(1)
            yield chunk

    return int(stub.ReadSlowly(messages(), metadata=[("x-seconds", str(SECONDS))]))


@pytest.mark.timeout(90)
def test_slow_readers_on_both_sides(lab):
    backend = lab.grpc_backend("big")
    front = lab.front(backend.port)
    with channel(front.address) as own:
        stub = Stub(own)
        for _ in range(200):
            stub.Unary(bytes(1000))
        before = front.child.resident_bytes()
        sent = []
        download = Slow(lambda: read_slowly(stub))
        upload = Slow(lambda: send_to_slow_reader(stub, sent))
        growth, others, slowest = 0, 0, 0.0
        while download.thread.is_alive() or upload.thread.is_alive():
            started = time.monotonic()
            assert stub.Unary(b"beside", timeout=5) == b"beside"
            slowest = max(slowest, time.monotonic() - started)
            others += 1
            growth = max(growth, front.child.resident_bytes() - before)
            time.sleep(0.02)  # the pace of the other calls, nothing is inferred from it
        received, taken = download.finish(), upload.finish()
    produced = backend.wait_for_event("send ended")["messages"]
    print(f"RSS grew {growth / MIB:.1f} MiB; {others} other calls, the slowest {slowest:.3f} s")
    print(f"downloaded {received} of {produced}, uploaded {taken} of {len(sent)} MiB")
    assert received >= SECONDS // 2 and taken >= SECONDS // 2
    assert growth < ALLOWED_GROWTH
    assert others > 100
    assert produced <= received + ALLOWED_AHEAD, "the server was not held back"
    assert len(sent) <= taken + ALLOWED_AHEAD, "the client was not held back"


@pytest.mark.timeout(90)
def test_memory_does_not_depend_on_how_many_calls_wait(lab):
    """Twenty stalled calls of two clients: each is bounded by its windows, and others go on."""
    backend = lab.grpc_backend("big")
    front = lab.front(backend.port)
    request = json.dumps({"count": GIB_IN_MESSAGES, "size": 65536}).encode()
    with channel(front.address) as one, channel(front.address) as other:
        for _ in range(200):
            Stub(other).Unary(bytes(1000))
        before = front.child.resident_bytes()
        stalled = [Stub(one).Send(request) for _ in range(20)]
        for call in stalled:
            next(call)
        for n in range(300):
            assert Stub(other).Unary(b"%d" % n, timeout=5) == b"%d" % n
            assert Stub(one).Unary(b"%d" % n, timeout=5) == b"%d" % n
        growth = front.child.resident_bytes() - before
        for call in stalled:
            call.cancel()
        assert Stub(one).Unary(b"after", timeout=5) == b"after"
    print(f"RSS grew {growth / MIB:.1f} MiB")
    assert growth < len(stalled) * MIB
