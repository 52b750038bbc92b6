"""Valid conversations with a few octets changed, in great number. Nothing may bring the proxy down."""

import contextlib
import json
import random
import socket
import struct
import threading

import hpack
import pytest

from harness import wire as h2
from harness.grpc_calls import Stub, channel
from harness.processes import HOST, eventually
from harness.raw_calls import message, request

pytestmark = pytest.mark.fairlead_only

ROUNDS = 1500


def conversation(source):
    """What a client may send: a few calls of different shapes, one after the other."""
    encoder = hpack.Encoder()
    octets = bytearray(h2.PREFACE)
    settings = [(h2.INITIAL_WINDOW_SIZE, source.choice([0, 1, 65535, 1 << 20]))]
    octets += h2.encode_frame(h2.SETTINGS, 0, 0, h2.encode_settings(settings))
    octets += h2.encode_frame(h2.SETTINGS, h2.ACK)
    for stream in range(1, 2 + 2 * source.randrange(1, 4), 2):
        path = source.choice(["Who", "Unary", "Each", "Send", "Digest", "None"])
        fields = request(path=f"/acceptance.Echo/{path}", extra=[("grpc-timeout", "500m")])
        block = encoder.encode(fields)
        cut = source.randrange(len(block))
        if source.random() < 0.5:
            octets += h2.encode_frame(h2.HEADERS, 0, stream, block[:cut])
            octets += h2.encode_frame(h2.CONTINUATION, h2.END_HEADERS, stream, block[cut:])
        else:
            octets += h2.encode_frame(h2.HEADERS, h2.END_HEADERS, stream, block)
        body = message(json.dumps({"count": 3, "size": 100}).encode())
        flags = source.choice([0, h2.END_STREAM])
        if source.random() < 0.3:
            padding = source.randrange(10)
            padded = bytes([padding]) + body + bytes(padding)
            octets += h2.encode_frame(h2.DATA, flags | h2.PADDED, stream, padded)
        else:
            octets += h2.encode_frame(h2.DATA, flags, stream, body)
        octets += source.choice(
            [
                b"",
                h2.encode_frame(h2.PING, 0, 0, bytes(8)),
                h2.encode_frame(h2.WINDOW_UPDATE, 0, stream, struct.pack(">I", 1000)),
                h2.encode_frame(h2.RST_STREAM, 0, stream, struct.pack(">I", 8)),
                h2.encode_frame(h2.PRIORITY, 0, stream, b"\0\0\0\0\x10"),
                h2.encode_frame(h2.SETTINGS, 0, 0, h2.encode_settings([(4, 5)])),
                h2.encode_frame(h2.GOAWAY, 0, 0, bytes(8)),
            ]
        )
    return octets


def mutated(octets, source, start):
    """Changes, removes, repeats or adds a few octets from `start` on."""
    octets = bytearray(octets)
    for _ in range(source.randrange(1, 6)):
        if len(octets) <= start:
            break
        at = source.randrange(start, len(octets))
        kind = source.randrange(5)
        if kind == 0:
            octets[at] = source.randrange(256)
        elif kind == 1:
            octets[at] ^= 1 << source.randrange(8)
        elif kind == 2:
            del octets[at : at + source.randrange(1, 12)]
        elif kind == 3:
            octets[at:at] = octets[at : at + source.randrange(1, 40)]
        else:
            octets[at:at] = source.randbytes(source.randrange(1, 12))
    return bytes(octets)


def drain(connected):
    """Reads a little, whatever it is."""
    with contextlib.suppress(OSError):
        while connected.recv(65536):
            pass


def test_mutated_clients(lab):
    backend = lab.grpc_backend("pod-1")
    front = lab.front(backend.port)
    source = random.Random(7540)
    waiting = []
    with channel(front.address) as own:
        for number in range(ROUNDS):
            octets = mutated(conversation(source), source, len(h2.PREFACE))
            connected = socket.create_connection((HOST, front.port), timeout=5)
            with contextlib.suppress(OSError):
                for start in range(0, len(octets), step := source.choice([9, 64, 100_000])):
                    connected.sendall(octets[start : start + step])
            waiting.append(connected)
            if len(waiting) == 100:
                for each in waiting:
                    each.settimeout(0.01)
                    drain(each)
                    each.close()
                waiting.clear()
                assert front.child.running, f"the proxy has ended before round {number}"
                assert Stub(own).Unary(b"still here", timeout=10) == b"still here"
    assert front.child.running


class MutatedServer:
    """Answers each connection with what a server may send, with a few octets changed."""

    def __init__(self, seed):
        self.source = random.Random(seed)
        self.served = 0
        self._listener = socket.create_server((HOST, 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connected, _ = self._listener.accept()
                answer = mutated(self._answer(), self.source, 9 * self.source.randrange(3))
                threading.Thread(target=self._serve, args=(connected, answer), daemon=True).start()

    def _answer(self):
        source, encoder = self.source, hpack.Encoder()
        octets = bytearray(h2.encode_frame(h2.SETTINGS) + h2.encode_frame(h2.SETTINGS, h2.ACK))
        for stream in (1, 3):
            if source.random() < 0.2:
                early = encoder.encode([(":status", "103"), ("link", "x")])
                octets += h2.encode_frame(h2.HEADERS, h2.END_HEADERS, stream, early)
            head = encoder.encode([(":status", "200"), ("content-type", "application/grpc")])
            octets += h2.encode_frame(h2.HEADERS, h2.END_HEADERS, stream, head)
            octets += h2.encode_frame(h2.DATA, 0, stream, message(b"answer" * source.randrange(50)))
            trailers = encoder.encode([("grpc-status", "0"), ("x-end", "1")])
            flags = h2.END_HEADERS | h2.END_STREAM
            octets += h2.encode_frame(h2.HEADERS, flags, stream, trailers)
            octets += source.choice(
                [
                    b"",
                    h2.encode_frame(h2.PING, 0, 0, bytes(8)),
                    h2.encode_frame(h2.WINDOW_UPDATE, 0, 0, struct.pack(">I", 70_000)),
                    h2.encode_frame(h2.RST_STREAM, 0, stream, struct.pack(">I", 7)),
                    h2.encode_frame(h2.GOAWAY, 0, 0, struct.pack(">II", stream, 0)),
                    h2.encode_frame(h2.SETTINGS, 0, 0, h2.encode_settings([(3, 1)])),
                ]
            )
        return octets

    def _serve(self, connected, answer):
        self.served += 1
        connected.settimeout(0.5)
        with contextlib.suppress(OSError):
            connected.sendall(answer[:18])
            # The answer comes when there is a request, so that its streams exist.
            request_seen = b""
            while len(request_seen) < 150:
                octets = connected.recv(65536)
                if not octets:
                    return
                request_seen += octets
            connected.sendall(answer[18:])
            drain(connected)
        connected.close()

    def stop(self):
        self._listener.close()


@pytest.mark.timeout(90)
def test_mutated_backends(lab):
    """Calls may fail in any way, but they end, and the proxy lives."""
    servers = [MutatedServer(seed) for seed in range(4)]
    good = lab.grpc_backend("good")
    front = lab.front(*(server.port for server in servers), good.port)
    outcomes = {}
    with channel(front.address) as own:
        for number in range(60):
            calls = [Stub(own).Unary.future(b"x" * number, timeout=2) for _ in range(10)]
            for call in calls:
                code = call.code()
                outcomes[code] = outcomes.get(code, 0) + 1
            assert front.child.running, f"the proxy has ended in round {number}"
    print(outcomes, sum(server.served for server in servers))
    for server in servers:
        server.stop()
    eventually(lambda: sum(server.served for server in servers) > 20, 1, "they were used")
    assert front.child.running
