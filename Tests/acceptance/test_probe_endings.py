"""How `fairlead probe` ends, and what it says when the server ends the connection."""

import os
import select
import signal
import socket
import subprocess
import threading

import pytest

from harness import wire
from harness.fairlead import fairlead_binary
from harness.health_server import Health, HealthServer, tcp_server
from harness.processes import HOST, Child, eventually
from harness.walkthrough import Command, Shell, has_own_loopback

pytestmark = pytest.mark.fairlead_only


# None of what is tested here is an end of patience, and a busy machine may need more than the usual second.
PATIENT = ["-connect-timeout=15s", "-rpc-timeout=15s"]


def probe(*arguments, within=40):
    """The exit status and all that was printed."""
    done = subprocess.run(
        [fairlead_binary(), "probe", *PATIENT, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=within,
    )
    return done.returncode, done.stdout


@pytest.fixture
def server(lab):
    server = HealthServer(Health())
    lab.on_close(server.stop)
    return server


@pytest.fixture
def scripted(lab):
    """Starts a server that sends what a script says; its address."""
    return lambda script: f"{HOST}:{lab.scripted_backend(script).port}"


# What the server does to the connection is what is said.


class GoAwayAtOnce:
    def on_connection(self, connection):
        payload = (0).to_bytes(4, "big") + wire.ENHANCE_YOUR_CALM.to_bytes(4, "big") + b"too\x1bmany"
        connection.frame(wire.GOAWAY, payload=payload)

    def on_headers(self, request):
        pass


def test_goaway_is_named(scripted):
    code, out = probe("-addr", scripted(GoAwayAtOnce()))
    assert code in (2, 3)
    assert "the server said GOAWAY (ENHANCE_YOUR_CALM, too" in out, out
    assert "\x1b" not in out and "0x" not in out and out.count("\n") == 1, out


class Refuses:
    """Resets each stream with REFUSED_STREAM."""

    def on_headers(self, request):
        request.connection.rst(request.stream, wire.REFUSED_STREAM)


def test_a_refused_call(scripted):
    code, out = probe("-addr", scripted(Refuses()))
    assert (code, out) == (
        3,
        "error: health rpc failed: rpc error: code = Unavailable desc = "
        "the server refused the call before it was processed\n",
    )


class HangsUp:
    """Closes the connection in place of an answer."""

    def on_headers(self, request):
        request.connection.socket.shutdown(socket.SHUT_RDWR)


def test_a_connection_that_ends_during_the_call(scripted):
    code, out = probe("-addr", scripted(HangsUp()))
    assert (code, out) == (
        3,
        "error: health rpc failed: rpc error: code = Unavailable desc = "
        "the connection was closed\n",
    )


# The answer is told first.


def test_the_answer_is_there_before_the_connection_ends(server):
    """The other end never closes its side; when it sees ours closed, the answer has been printed."""
    seen = []
    command = [fairlead_binary(), "probe", "-addr"]
    output, ours = os.pipe()

    def relay(connection):
        with socket.create_connection((HOST, int(port)), timeout=10) as backend:
            while True:
                for ready in select.select([connection, backend], [], [], 10)[0]:
                    data = ready.recv(65536)
                    if not data:
                        seen.append(bool(select.select([output], [], [], 0)[0]))
                        return
                    (backend if ready is connection else connection).sendall(data)

    port = server.address.rsplit(":", 1)[1]
    with tcp_server(lambda connection: in_thread(relay, connection)) as address:
        done = subprocess.run([*command, address], stdout=ours, stderr=ours, timeout=20)
        os.close(ours)
        with open(output, encoding="utf-8") as printed:
            eventually(lambda: seen, 10, "the probe closes its side")
            assert printed.read() == "status: SERVING\n"
    assert done.returncode == 0 and seen == [True]


def in_thread(run, *arguments):
    threading.Thread(target=run, args=arguments, daemon=True).start()


# Watching


@pytest.fixture
def watch(lab):
    def start(*arguments):
        command = [fairlead_binary(), "probe", *arguments, "-watch"]
        child = lab.child(Child("watch", command, lab.path("watch.log")))
        child.wait_until(lambda: "SERVING" in child.log(), 10, "it has an answer")
        return child

    return start


@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="this system has no such table")
def test_a_watch_asks_tcp_whether_the_server_is_there(server, watch):
    watch("-addr", server.address)
    port = int(server.address.rsplit(":", 1)[1])
    (left,) = eventually(lambda: keepalive(port), 10, "the connection has a keepalive timer")
    # Without an option of ours it would be two hours.
    assert 0 <= left <= 10


def keepalive(port):
    """In how many seconds the connection to a local port is probed, alone in a tuple; None if it is not, or data is under
    way."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    for row in rows:
        timer, _, ticks = row[5].partition(":")
        if row[2].endswith(f":{port:04X}") and row[3] == "01" and timer == "02":
            return (int(ticks, 16) / os.sysconf("SC_CLK_TCK"),)
    return None


# TCP takes its ten seconds.
@pytest.mark.timeout(150)
@pytest.mark.skipif(not has_own_loopback(), reason="no network namespace can be made here")
def test_a_watch_notices_that_the_server_has_vanished(lab):
    """No packet arrives any more, on either side: nobody can say that the connection has ended."""
    shell, log = Shell(), lab.path("watch.log")
    lab.on_close(shell.close)
    for command in (
        "fairlead greeter --address 127.0.0.1:9100 --name vanishing > /dev/null &",
        f"fairlead probe -addr 127.0.0.1:9100 -connect-timeout 10s -watch > {log} 2>&1 &",
        f"until grep -qs SERVING {log}; do sleep 0.1; done",
        "ip link set lo down",
        f"until grep -q 'no answer: Unavailable: connection timed out' {log}; do sleep 0.1; done",
    ):
        shell.run(Command(command, []), within=60)


def test_a_watch_names_what_ended_it(server, watch, lab):
    child = watch("-addr", server.address, "-connect-timeout=200ms")
    server.stop()
    child.wait_until(lambda: "unreachable: connection refused" in child.log(), 10, "it is noticed")
    assert "unexpectedly" not in child.log()
    child.process.send_signal(signal.SIGINT)
    assert child.wait(within=10) == 2


# Secrets


def test_headers_are_shown_without_secrets(server):
    headers = ["-rpc-header", "authorization: Bearer s3cret", "-rpc-header", "x-tenant: a"]
    code, out = probe("-addr", server.address, "-v", *headers)
    assert code == 0
    assert "> headers: authorization:[hidden] x-tenant:a" in out and "s3cret" not in out


@pytest.mark.parametrize(
    "header", ["authorization=Bearer s3cret", "authorization: s3cr\N{LATIN SMALL LETTER E WITH ACUTE}t"]
)
def test_a_refused_header_keeps_its_value(header):
    code, out = probe("-addr=:1", "-rpc-header", header)
    assert code == 1 and '"authorization"' in out and "s3cr" not in out
