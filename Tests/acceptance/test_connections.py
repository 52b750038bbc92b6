"""Connection balancing: TCP as kube-proxy carries it, for what is not HTTP/2 or wants it so."""

import contextlib
import hashlib
import http.client
import http.server
import os
import socket
import threading
from collections import Counter

import pytest

from harness import wire as h2
from harness.grpc_calls import Stub, channel
from harness.manifests import pod, service
from harness.processes import HOST, eventually, free_port
from harness.raw_calls import call
from harness.tcp_backend import TCPBackend
from harness.wire import Wire

pytestmark = pytest.mark.fairlead_only

MIB = 1 << 20
BALANCE, SCHEDULER = "fairlead.dev/balance", "fairlead.dev/scheduler"


@pytest.fixture
def start(lab):
    """Starts backends and a proxy whose service balances connections; returns the service's port."""
    running = []

    def start(count=3, scheduler=None, greets=True, annotations=None, **of_service):
        backends = [TCPBackend(f"tcp-{number}", greets) for number in range(1, count + 1)]
        running.extend(backends)
        notes = {BALANCE: "connection"} if annotations is None else annotations
        if scheduler:
            notes[SCHEDULER] = scheduler
        folder = lab.manifests()
        folder.write("service.yaml", service("plain", annotations=notes, **of_service))
        for backend in backends:
            folder.write(f"{backend.name}.yaml", pod("plain", backend.name, backend.port))
        proxy = lab.fairlead(folder, bind=[("plain", 8080)])
        return proxy, proxy.bound["plain", 8080], backends, folder

    yield start
    for backend in running:
        backend.stop()


def connect(port):
    connected = socket.create_connection((HOST, port), timeout=10)
    return connected


def read_line(connected):
    line = b""
    while not line.endswith(b"\n"):
        octet = connected.recv(1)
        assert octet, f"the connection ended after {line!r}"
        line += octet
    return line.decode().strip()


def read_all(connected):
    octets = bytearray()
    while piece := connected.recv(1 << 18):
        octets += piece
    return bytes(octets)


def greeted(port, count):
    """Opens `count` connections, one after the other, and returns them by who answered."""
    opened = []
    for _ in range(count):
        connected = connect(port)
        opened.append((read_line(connected), connected))
    return opened


def close_all(opened):
    for _, connected in opened:
        connected.close()


def test_rr_takes_turns(start):
    _, port, _, _ = start(scheduler="rr")
    opened = greeted(port, 12)
    assert Counter(name for name, _ in opened) == {"tcp-1": 4, "tcp-2": 4, "tcp-3": 4}
    close_all(opened)


def test_random_spreads(start):
    _, port, _, _ = start(scheduler="random")
    opened = greeted(port, 300)
    counts = Counter(name for name, _ in opened)
    assert len(counts) == 3 and min(counts.values()) > 50, counts
    close_all(opened)


def test_lc_fills_up_the_emptiest(start):
    _, port, backends, _ = start(scheduler="lc")
    opened = greeted(port, 6)
    assert Counter(name for name, _ in opened) == {"tcp-1": 2, "tcp-2": 2, "tcp-3": 2}
    close_all([each for each in opened if each[0] == "tcp-2"])
    eventually(lambda: not backends[1].open, 5, "tcp-2 has no connection")
    more = greeted(port, 2)
    assert [name for name, _ in more] == ["tcp-2", "tcp-2"]
    close_all(opened + more)


def test_app_protocol_tcp_means_connections(start):
    _, port, _, _ = start(annotations={}, app_protocol="tcp")
    opened = greeted(port, 1)  # the server speaks first, so nothing may wait for the client
    assert opened[0][0].startswith("tcp-")
    close_all(opened)


def test_octets_pass_both_ways_untouched(start):
    _, port, _, _ = start(count=1, greets=False)
    sent = os.urandom(64 * MIB)
    for _ in range(5):
        with connect(port) as connected:
            connected.settimeout(30)
            writer = threading.Thread(
                target=lambda: (connected.sendall(sent), connected.shutdown(socket.SHUT_WR))
            )
            writer.start()
            received = read_all(connected)
            writer.join()
        assert len(received) == len(sent) + len("END tcp-1")
        assert received.endswith(b"END tcp-1")
        assert hashlib.sha256(received[:-9]).digest() == hashlib.sha256(sent).digest()


@pytest.mark.parametrize("size", [1, 100_000, MIB])
def test_both_have_finished_and_the_answer_is_still_on_its_way(start, size):
    """Both sides are done and the server is gone before a slow reader has its octets. None is lost."""
    _, port, backends, _ = start(count=1, greets=False)
    [backend] = backends
    backend.ending = os.urandom(size)
    for served in range(1, 11):
        with socket.socket() as connected:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            connected.settimeout(10)
            connected.connect((HOST, port))
            connected.sendall(b"question")
            connected.shutdown(socket.SHUT_WR)
            gone = lambda: backend.accepted == served and not backend.open  # noqa: E731
            eventually(gone, 10, "the server has sent all and is gone")
            assert read_all(connected) == b"question" + backend.ending


def test_half_close_by_the_client(start):
    _, port, _, _ = start(count=1, greets=False)
    with connect(port) as connected:
        connected.sendall(b"question")
        connected.shutdown(socket.SHUT_WR)
        assert read_all(connected) == b"questionEND tcp-1"


def test_half_close_by_the_server(lab, start):
    """The server has said all it has to say; what the client still sends must arrive."""
    received = []
    done = threading.Event()
    with contextlib.closing(socket.create_server((HOST, 0))) as listener:

        def serve():
            connected, _ = listener.accept()
            connected.sendall(b"all")
            connected.shutdown(socket.SHUT_WR)
            received.append(read_all(connected))
            done.set()

        threading.Thread(target=serve, daemon=True).start()
        folder = lab.manifests("half")
        port = listener.getsockname()[1]
        notes = {BALANCE: "connection"}
        folder.write("half.yaml", service("half", annotations=notes), pod("half", "h", port))
        proxy = lab.fairlead(folder, bind=[("half", 8080)])
        with connect(proxy.bound["half", 8080]) as connected:
            assert read_all(connected) == b"all"
            connected.sendall(b"still sending")
            connected.shutdown(socket.SHUT_WR)
            assert done.wait(10)
    assert received == [b"still sending"]


def test_reader_that_does_not_read_holds_the_server_back(start):
    proxy, port, backends, _ = start(count=1, greets=False)
    backends[0].pour = bytes(256 * MIB)
    before = proxy.child.resident_bytes()
    stalled = [connect(port) for _ in range(4)]
    for connected in stalled:
        connected.sendall(b"go")
        assert connected.recv(1)
    with connect(port) as beside:
        beside.settimeout(20)
        left = 256 * MIB
        while left:
            left -= len(beside.recv(min(left, 1 << 18)))
        assert proxy.child.resident_bytes() - before < 16 * MIB
    for connected in stalled:
        connected.close()


def test_no_pod_or_none_that_listens_closes(lab, start):
    folder = lab.manifests("down")
    notes = {BALANCE: "connection"}
    folder.write("none.yaml", service("none", annotations=notes))
    folder.write("down.yaml", service("down", annotations=notes), pod("down", "d", free_port()))
    proxy = lab.fairlead(folder, bind=[("none", 8080), ("down", 8080)])
    for name in ("none", "down"):
        with connect(proxy.bound[name, 8080]) as connected:
            with contextlib.suppress(ConnectionError):
                assert read_all(connected) == b""


def test_connection_outlives_its_pods_removal(start):
    _, port, backends, folder = start(count=2, scheduler="rr")
    opened = greeted(port, 2)
    folder.remove("tcp-2.yaml")

    def only_first():
        new = greeted(port, 4)
        close_all(new)
        return {name for name, _ in new} == {"tcp-1"}

    eventually(only_first, 3, "tcp-2 gets no new connections")
    for _, connected in opened:
        connected.sendall(b"still here\n")
        assert read_line(connected) == "still here"
    close_all(opened)


def test_drain_lets_connections_finish(start):
    proxy, port, _, _ = start(count=1)
    [(_, connected)] = greeted(port, 1)
    proxy.child.terminate()
    connected.sendall(b"while it drains\n")
    assert read_line(connected) == "while it drains"
    connected.shutdown(socket.SHUT_WR)
    assert read_all(connected) == b"END tcp-1"
    connected.close()
    assert proxy.child.wait(within=5) == 0


def test_grpc_on_balanced_connections_sticks_to_one_pod(lab):
    """What a ClusterIP does to gRPC: one connection, one pod."""
    backends = [lab.grpc_backend(f"pod-{number}") for number in (1, 2)]
    folder = lab.manifests()
    pods = [pod("pinned", backend.name, backend.port) for backend in backends]
    folder.write("pinned.yaml", service("pinned", annotations={BALANCE: "connection"}), *pods)
    proxy = lab.fairlead(folder, bind=[("pinned", 8080)])
    with channel(f"{HOST}:{proxy.bound['pinned', 8080]}") as own:
        assert len({Stub(own).Who(b"") for _ in range(100)}) == 1


# The same port takes RPCs and, from whoever does not speak HTTP/2, connections.


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"page {self.path}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_http_1_on_an_rpc_listener_is_balanced_by_connection(lab):
    with http.server.ThreadingHTTPServer((HOST, 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        folder = lab.manifests()
        port = server.server_address[1]
        folder.write("web.yaml", service("web"), pod("web", "web-1", port))
        proxy = lab.fairlead(folder, bind=[("web", 8080)])
        client = http.client.HTTPConnection(HOST, proxy.bound["web", 8080], timeout=10)
        for path in ("/one", "/two", "/three"):
            client.request("GET", path)
            response = client.getresponse()
            assert (response.status, response.read()) == (200, f"page {path}".encode())
        client.close()
        server.shutdown()


@pytest.mark.parametrize(
    "first", [b"P", b"PRI", b"PRI * HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nS?"]
)
def test_what_begins_like_a_preface_and_is_none(start, first):
    """Nothing that was read to tell the protocol may be lost."""
    _, port, _, _ = start(count=1, greets=False, annotations={})
    with connect(port) as connected:
        connected.sendall(first)
        connected.sendall(b" and more")
        connected.shutdown(socket.SHUT_WR)
        assert read_all(connected) == first + b" and moreEND tcp-1"


def test_preface_in_pieces_is_http_2(lab):
    backend = lab.grpc_backend("pod-1")
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo"), pod("echo", "pod-1", backend.port))
    proxy = lab.fairlead(folder, bind=[("echo", 8080)])
    with Wire.connect(proxy.bound["echo", 8080], deadline=5) as wire:
        for octet in h2.PREFACE:
            wire.send(bytes([octet]))
        wire.frame(h2.SETTINGS)
        wire.finish_handshake()
        assert call(wire).grpc_status == 0
