"""How the proxy ends, and what the end of a backend costs its callers."""

import signal
import socket
import subprocess
import time

import pytest

from harness import wire as h2
from harness.fairlead import Fairlead
from harness.grpc_calls import Stub, channel
from harness.load import Load, pods
from harness.manifests import pod, service
from harness.processes import HOST, accepts_connections, eventually, free_port
from harness.raw_calls import message, read_reply, request
from harness.wire import Wire

pytestmark = pytest.mark.fairlead_only

NO_NEW_STREAMS = (1 << 31) - 1
WATCH = {"path": "/acceptance.Echo/Watch"}


@pytest.fixture
def backends(lab):
    return [lab.grpc_backend(f"pod-{number}") for number in (1, 2)]


def start(lab, backends, **options):
    folder = lab.manifests()
    pods_of = [pod("echo", backend.name, backend.port) for backend in backends]
    folder.write("echo.yaml", service("echo"), *pods_of)
    return lab.fairlead(folder, bind=[("echo", 8080)], **options)


class PoliteClient(Wire):
    """Answers PING, as every client does."""

    def read(self, until=None):
        frame = super().read(until)
        if frame.type == h2.PING and not frame.flags & h2.ACK:
            self.ping(frame.payload, h2.ACK)
        return frame


def watch(wire, stream, name=b"w"):
    """Opens a stream that stays open, and waits for its first message."""
    wire.headers(stream, request(**WATCH), end_stream=False)
    wire.data(stream, message(name))
    wire.read_until(lambda f: f.stream == stream and f.type == h2.DATA, "the first message")


def goaway(wire):
    return wire.read_until(lambda f: f.type == h2.GOAWAY, "GOAWAY")


@pytest.mark.parametrize("listener", ["outbound", "bound"])
def test_sigterm_drains(lab, backends, listener):
    proxy = start(lab, backends[:1], drain_time="20s")
    port = proxy.port if listener == "outbound" else proxy.bound["echo", 8080]
    with PoliteClient.client(port, deadline=10) as wire:
        watch(wire, 1)
        proxy.child.terminate()
        first = goaway(wire)
        assert (first.last_stream, first.error_code) == (NO_NEW_STREAMS, h2.NO_ERROR)
        second = goaway(wire)
        assert (second.last_stream, second.error_code) == (1, h2.NO_ERROR)
        eventually(lambda: not accepts_connections(port), 5, "new connections are refused")
        assert proxy.child.running, "it has not waited for the running call"
        backends[0].release()
        reply = read_reply(wire, 1)
        assert reply.grpc_status == 0
        assert reply.body.endswith(b"released pod-1")
    assert proxy.child.wait(within=5) == 0


def test_stream_opened_between_the_two_steps_is_served(lab, backends):
    proxy = start(lab, backends[:1], drain_time="20s")
    # This client answers no PING, so the second step waits for it, or for its time.
    with Wire.client(proxy.port, deadline=10) as wire:
        watch(wire, 1)
        proxy.child.terminate()
        assert goaway(wire).last_stream == NO_NEW_STREAMS
        wire.headers(3, request(path="/acceptance.Echo/Who"), end_stream=False)
        wire.data(3, message(b""))
        assert read_reply(wire, 3).grpc_status == 0
        backends[0].release()
    assert proxy.child.wait(within=10) == 0


def test_drain_is_bounded(lab, backends):
    proxy = start(lab, backends[:1], drain_time="1s")
    with PoliteClient.client(proxy.port, deadline=10) as wire:
        watch(wire, 1)
        proxy.child.terminate()
        assert proxy.child.wait(within=6) == 0
        assert closes(wire)
    backends[0].wait_for_event("watch ended", id="w")


def closes(wire):
    """Whether the connection ends; what was read until then is thrown away."""
    try:
        while True:
            wire.read()
    except h2.Closed:
        return True
    except h2.Silent:
        return False


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_idle_connections_do_not_hold_the_end_up(lab, backends, signal_number):
    proxy = start(lab, backends, drain_time="20s")
    clients = [PoliteClient.client(proxy.port) for _ in range(20)]
    silent = socket.create_connection(("127.0.0.1", proxy.port))
    proxy.child.process.send_signal(signal_number)
    for client in clients:
        goaway(client)
    assert proxy.child.wait(within=10) == 0
    silent.close()
    for client in clients:
        client.close()


def test_drain_finishes_every_running_call(lab, backends):
    """grpcio opens no stream after GOAWAY; all that run are answered."""
    proxy = start(lab, backends, drain_time="10s")
    with channel(proxy.address, authority="echo:8080") as own:
        stub = Stub(own)
        assert stub.Who(b"")
        running = [stub.Watch(b"%d" % n) for n in range(10)]
        for call in running:
            next(call)
        proxy.child.terminate()
        for backend in backends:
            backend.release()
        for call in running:
            assert list(call)[-1].startswith(b"released")
    assert proxy.child.wait(within=10) == 0


def test_exits_at_once_when_a_port_is_taken(lab, backends):
    proxy = start(lab, backends)
    folder = lab.manifests("second")
    folder.write("echo.yaml", service("echo"))
    second = Fairlead([folder.path], lab.path("second.log"), arguments=["--listen", proxy.address])
    lab.child(second.child)
    assert second.child.wait(within=10) not in (0, None)
    assert str(proxy.port) in second.child.log()


# Backends that end.


def test_backend_stopped_under_load_fails_no_call(lab, backends):
    proxy = start(lab, backends)
    with Load(proxy.address, "echo:8080", 500) as load:
        load.run_for(0.5)
        backends[1].child.terminate()
        assert backends[1].child.wait(within=15) == 0
        load.run_for(1)
        calls = [call for call in load.stop() if not call.refused_by_a_stopping_server]
    failed = [call for call in calls if call.failed]
    assert not failed, f"{len(failed)} of {len(calls)} failed: {failed[0].text}"
    assert set(pods(calls[:100])) == {"pod-1", "pod-2"}
    assert set(pods(calls[-100:])) == {"pod-1"}


def test_backend_killed_under_load_fails_only_what_it_was_doing(lab, backends):
    proxy = start(lab, backends)
    with Load(proxy.address, "echo:8080", 500) as load:
        load.run_for(0.5)
        killed = time.monotonic()
        backends[1].child.kill()
        load.run_for(1.5)
        calls = load.stop()
    late = [call for call in calls if call.failed and call.start > killed + 0.1]
    assert not late, f"{len(late)} calls failed after the kill: {late[0].text}"
    assert sum(call.failed for call in calls) <= 20


def test_backend_that_comes_back_gets_calls_again(lab, backends):
    proxy = start(lab, backends)
    with channel(proxy.address, authority="echo:8080") as own:
        stub = Stub(own)

        def answering():
            return {stub.Who(b"", timeout=5).decode() for _ in range(10)}

        assert answering() == {"pod-1", "pod-2"}
        gone = backends[1]
        gone.child.terminate()
        gone.child.wait(within=15)
        assert answering() == {"pod-1"}
        again = lab.grpc_backend("pod-2-again", port=gone.port)
        eventually(lambda: again.name in answering(), 15, "it gets calls again", every=0.1)


def test_all_backends_back_after_all_were_gone(lab):
    ports = [free_port(), free_port()]
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo"), *(pod("echo", f"p-{port}", port) for port in ports))
    proxy = lab.fairlead(folder)
    with channel(proxy.address, authority="echo:8080") as own:
        stub = Stub(own)

        def works():
            try:
                return stub.Who(b"", timeout=2)
            except Exception:
                return None

        assert works() is None
        for port in ports:
            lab.grpc_backend(f"p-{port}", port=port)
        eventually(works, 15, "calls succeed again", every=0.1)


def without_privileges():
    """A command that runs another one as a user of no rank; none where the system forbids it."""
    command = ["unshare", "--user"]
    try:
        done = subprocess.run([*command, "true"], capture_output=True, timeout=10)
    except OSError:
        return None
    return command if done.returncode == 0 else None


def test_it_needs_no_privileges(lab):
    """As in a pod: some socket options are for those alone who administer the network."""
    under = without_privileges()
    if not under:
        pytest.skip("no user namespace can be made here")
    backend = lab.grpc_backend("pod-1")
    folder = lab.manifests()
    folder.write("plain.yaml", service("plain", annotations={"fairlead.dev/balance": "connection"}))
    folder.write("pods.yaml", pod("plain", "plain-1", backend.port))
    folder.write("echo.yaml", service("echo"), pod("echo", "echo-1", backend.port))
    proxy = lab.fairlead(folder, bind=[("plain", 8080)], under=under)
    for address in (proxy.address, f"{HOST}:{proxy.bound['plain', 8080]}"):
        with channel(address, authority="echo:8080") as own:
            assert Stub(own).say_hello() == "Hello world from pod-1"
