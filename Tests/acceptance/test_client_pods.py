"""Pods come and go while a Swift client calls them, found by DNS, etcd and the Kubernetes API."""

import time

import pytest

from harness.etcd import Etcd
from harness.fairlead import fairlead_binary
from harness.greeter_client import GreeterClient
from harness.pod_sources import SOURCES, DNSPods
from harness.processes import Child, accepts_connections, eventually, free_port

pytestmark = pytest.mark.fairlead_only

# A new pod gets calls within a second of the event; with DNS, of the end of the answer's time to
# live. On top of that, what a busy machine takes to run five processes.
PROMISED = 1.0
TOLERANCE = 0.5

# Well below what the tests last, so that each connection ends several times.
CONNECTION_AGE_MS = 1000

KINDS = {
    "unary": ("--rate", 200),
    "streaming": ("--rate", 40, "--stream"),
}


class Pods:
    """Pods of one port, each with an address of its own, and the source that tells of them."""

    def __init__(self, lab, source, **options):
        self.lab = lab
        self.port = free_port()
        self.source = source(lab, self.port, **options)
        self.running = {}
        self._hosts = iter(f"127.0.0.{number}" for number in range(11, 250))

    def start(self, name, **options):
        """It serves, and nobody is told of it."""
        options.setdefault("max_connection_age_ms", CONNECTION_AGE_MS)
        self.running[name] = self.lab.grpc_backend(
            name, port=self.port, host=next(self._hosts), **options
        )

    def publish(self):
        """Tells of those that run; the time of the event."""
        event = time.time()
        self.source.publish(list(self.running.values()))
        return event

    def take_out(self, name):
        """Tells of it no more; the pod goes on to serve."""
        return self.running.pop(name)

    def client(self, *arguments):
        arguments = ("--duration", "1m", *arguments)
        return GreeterClient(self.lab, self.source.target, *arguments, env=self.source.env)


@pytest.fixture(params=list(SOURCES))
def pods(request, lab):
    if request.param == "etcd" and not Etcd.installed:
        pytest.skip("etcd is not installed (Debian: etcd-server)")
    pods = Pods(lab, SOURCES[request.param])
    for name in ("old-1", "old-2", "old-3"):
        pods.start(name)
    pods.publish()
    return pods


def assert_prompt(report, name, event, promised=PROMISED):
    """The pod got its first call in time."""
    after = report.first(name) - event
    print(f"{name} got its first call {after * 1000:.0f} ms after the event")
    assert after < promised + TOLERANCE, f"{name} got its first call {after:.2f} s after the event"


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_new_pod_gets_calls_at_once(pods, kind):
    """Scenario D: all pods are replaced, while their connections end by age."""
    client = pods.client(*KINDS[kind])
    client.wait_for(lambda report: report.has("old-1", "old-2", "old-3"), 10, "all are called")
    events = {}
    for number in (1, 2, 3):
        new = f"new-{number}"
        pods.start(new)
        old = pods.take_out(f"old-{number}")
        events[new] = pods.publish()
        client.wait_for(lambda report: report.has(new), 10, f"{new} is called")
        old.child.terminate()
    report = client.stop()
    for new, event in events.items():
        assert_prompt(report, new, event)
    assert not report.failures, report.failures_by_status()


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_age_of_connections_makes_a_client_ask_dns_again(lab, kind):
    """The time to live is far longer than the test: only the end of connections makes it ask."""
    pods = Pods(lab, DNSPods, ttl=300)
    pods.start("old-1")
    pods.publish()
    client = pods.client(*KINDS[kind])
    client.wait_for(lambda report: report.has("old-1"), 10, "it is called")
    pods.start("new-1")
    event = pods.publish()
    client.wait_for(lambda report: report.has("new-1"), 10, "the new one is called")
    report = client.stop()
    # The age, which grpcio varies by a tenth.
    assert_prompt(report, "new-1", event, 1.1 * CONNECTION_AGE_MS / 1000)
    assert not report.failures, report.failures_by_status()


def test_a_killed_pod_makes_a_client_ask_dns_again(lab):
    pods = Pods(lab, DNSPods, ttl=300)
    for name in ("old-1", "old-2"):
        pods.start(name, max_connection_age_ms=None)
    pods.publish()
    client = pods.client("--rate", 200)
    client.wait_for(lambda report: report.has("old-1", "old-2"), 10, "all are called")
    pods.start("new-1")
    killed = pods.take_out("old-1")
    pods.publish()
    event = time.time()
    killed.child.kill()
    client.wait_for(lambda report: report.has("new-1"), 10, "the replacement is called")
    report = client.stop()
    assert_prompt(report, "new-1", event)
    # Only calls that the killed one was serving may fail.
    assert all(abs(failure["at"] - event) < 0.5 for failure in report.failures), report.failures


def test_greeters_with_a_connection_age_are_called_all_the_time(lab):
    """grpc-swift servers that end each connection after half a second, and register themselves."""
    if not Etcd.installed:
        pytest.skip("etcd is not installed (Debian: etcd-server)")
    etcd = Etcd(lab).start()

    def start(name):
        port = free_port()
        command = [fairlead_binary(), "greeter", "--address", f"127.0.0.1:{port}", "--name", name]
        command += ["--max-connection-age", "500ms"]
        command += ["--register", f"etcd://{etcd.address}/greeter"]
        child = lab.child(Child(name, command, lab.path(f"{name}.log")))
        child.wait_until(lambda: accepts_connections(port), 10, "it listens")
        return child

    old = {name: start(name) for name in ("old-1", "old-2")}
    target = f"etcd://{etcd.address}/greeter"
    client = GreeterClient(lab, target, "--duration", "1m", "--rate", 200)
    client.wait_for(lambda report: report.has(*old), 10, "all are called")
    for number, (name, child) in enumerate(old.items(), 1):
        new = f"new-{number}"
        event = time.time()
        start(new)
        client.wait_for(lambda report: report.has(new), 10, f"{new} is called")
        report = client.reports()[-1]
        # From before it ran.
        assert_prompt(report, new, event, PROMISED + 1)
        # It takes its key away before it stops.
        child.terminate()
        assert child.wait(15) == 0, f"{name} ended badly"
    report = client.stop()
    # grpc-swift's servers close a connection over streams that they have refused after their own GOAWAY, with the calls
    # that they are serving on it: those are lost with any client. All others are begun anew.
    statuses = report.failures_by_status()
    assert all(failure["status"] == "unavailable" for failure in report.failures), statuses
    assert len(report.failures) * 100 <= report.calls, statuses
