"""Greeters that register themselves in etcd: they come when they serve and go before they stop."""

import json
import signal
import threading
import time

import pytest

from harness.etcd import Etcd
from harness.fairlead import fairlead_binary
from harness.grpc_calls import Stub, channel
from harness.manifests import service
from harness.processes import HOST, Child, accepts_connections, eventually, free_port

pytestmark = [
    pytest.mark.fairlead_only,
    pytest.mark.skipif(not Etcd.installed, reason="etcd is not installed (Debian: etcd-server)"),
]

SERVICE = "test-service"


@pytest.fixture
def etcd(lab):
    return Etcd(lab).start()


class Greeter:
    """`fairlead greeter --register`."""

    def __init__(self, lab, etcd, name="greeter-v1", lease="10s", arguments=()):
        self.port = free_port()
        self.key = f"{SERVICE}/{HOST}:{self.port}"
        command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{self.port}"]
        command += ["--name", name, "--register", f"etcd://{etcd.address}/{SERVICE}"]
        command += ["--lease", lease, *arguments]
        self.child = lab.child(Child(name, command, lab.path(f"{name}-{self.port}.log")))
        self._etcd = etcd

    def wait_until_registered(self):
        self.child.wait_until(
            lambda: self.key in self._etcd.keys(SERVICE), within=10, what="it is registered"
        )
        return self


def test_a_greeter_is_there_when_it_listens(lab, etcd):
    greeter = Greeter(lab, etcd).wait_until_registered()
    assert accepts_connections(greeter.port)
    value = json.loads(etcd.keys(SERVICE)[greeter.key])
    assert value == {
        "Op": 0,
        "Addr": f"{HOST}:{greeter.port}",
        "Metadata": {"name": "greeter-v1"},
    }


def test_the_address_for_clients_may_be_another_one(lab, etcd):
    greeter = Greeter(lab, etcd, arguments=["--register-address", "192.0.2.7:0"])
    key = f"{SERVICE}/192.0.2.7:{greeter.port}"
    eventually(lambda: key in etcd.keys(SERVICE), within=10, what="the other address is there")


def test_sigterm_takes_the_key_away_before_running_calls_end(lab, etcd):
    greeter = Greeter(lab, etcd, arguments=["--delay", "3s"]).wait_until_registered()
    replies = []
    with channel(f"{HOST}:{greeter.port}") as connection:
        call = threading.Thread(
            target=lambda: replies.append(Stub(connection).say_hello(timeout=20))
        )
        call.start()
        # Running calls are seen from the outside by nothing but the time that they take.
        time.sleep(0.5)
        greeter.child.terminate()
        eventually(lambda: not etcd.keys(SERVICE), within=2, what="the key is gone")
        assert greeter.child.running, "the call still runs"
        call.join(timeout=20)
    assert len(replies) == 1
    assert greeter.child.wait(within=10) == 0


def test_a_killed_greeter_is_gone_after_its_lease(lab, etcd):
    greeter = Greeter(lab, etcd, lease="2s").wait_until_registered()
    greeter.child.kill()
    assert greeter.key in etcd.keys(SERVICE), "nobody took the key away"
    # The lease, and what etcd takes to look for those that ended.
    eventually(lambda: not etcd.keys(SERVICE), within=5, what="the key is gone")


def test_a_lease_is_kept_for_longer_than_it_lasts(lab, etcd):
    greeter = Greeter(lab, etcd, lease="2s").wait_until_registered()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        assert greeter.key in etcd.keys(SERVICE)
        time.sleep(0.05)


def test_an_etcd_that_is_not_there_yet_is_said_and_waited_for(lab):
    etcd = Etcd(lab)
    greeter = Greeter(lab, etcd)
    greeter.child.wait_until(
        lambda: "cannot register, and tries again" in greeter.child.log(),
        within=10, what="it says so",
    )
    assert accepts_connections(greeter.port), "it serves all the same"
    etcd.start()
    greeter.wait_until_registered()
    assert greeter.child.log().count("cannot register") == 1


@pytest.mark.parametrize("forgets", [False, True], ids=["with its keys", "without its keys"])
def test_a_killed_etcd_has_the_greeter_again_when_it_is_back(lab, etcd, forgets):
    greeter = Greeter(lab, etcd, lease="2s").wait_until_registered()
    etcd.kill()
    if forgets:
        etcd.forget()
    etcd.start()
    greeter.wait_until_registered()
    # It is the new lease that counts: the old one is over by then.
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        assert greeter.key in etcd.keys(SERVICE)
        time.sleep(0.05)


def test_sigterm_ends_a_greeter_whose_etcd_is_gone(lab, etcd):
    greeter = Greeter(lab, etcd).wait_until_registered()
    etcd.kill()
    greeter.child.process.send_signal(signal.SIGTERM)
    assert greeter.child.wait(within=8) == 0
    assert "until its lease ends" in greeter.child.log()


# Through the proxy


class Calls:
    """One call after the other through the proxy, until it is closed."""

    def __init__(self, address):
        self._channel = channel(address, authority="greeter:8080")
        self._ends = False
        self.replies = []
        self.failures = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ends = True
        self._thread.join(timeout=20)
        self._channel.close()

    def _run(self):
        stub = Stub(self._channel)
        while not self._ends:
            try:
                reply = stub.say_hello()
                self.replies.append((time.monotonic(), reply.rsplit(" ", 1)[1]))
            except Exception as error:  # Whatever it is, it is a failed call.
                self.failures.append(error)
            time.sleep(0.001)

    def pods(self, since=0):
        return {pod for moment, pod in list(self.replies) if moment >= since}


@pytest.fixture
def proxy(lab, etcd):
    folder = lab.manifests()
    target = f"etcd://{etcd.address}/{SERVICE}"
    # A killed greeter may have served the calls that it had; they may be made twice.
    notes = {"fairlead.dev/target": target, "fairlead.dev/retry-on": "reset"}
    folder.write("greeter.yaml", service("greeter", annotations=notes))
    return lab.fairlead(folder)


def test_a_killed_greeter_costs_no_call_and_is_gone_after_its_lease(lab, etcd, proxy):
    doomed = Greeter(lab, etcd, name="greeter-v1", lease="2s").wait_until_registered()
    Greeter(lab, etcd, name="greeter-v2").wait_until_registered()
    with Calls(proxy.address) as calls:
        eventually(lambda: calls.pods() == {"greeter-v1", "greeter-v2"}, what="both are called")
        doomed.child.kill()
        eventually(lambda: len(etcd.keys(SERVICE)) == 1, within=6, what="the key is gone")
        eventually(
            lambda: calls.pods(since=time.monotonic() - 0.3) == {"greeter-v2"}, what="one is called"
        )
        assert not calls.failures


def test_a_new_greeter_gets_its_first_call_within_100_ms_of_its_key(lab, etcd, proxy):
    Greeter(lab, etcd, name="greeter-v1").wait_until_registered()
    # It serves before its key is there.
    late = free_port()
    command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{late}", "--name", "greeter-v2"]
    child = lab.child(Child("greeter-v2", command, lab.path("late.log")))
    child.wait_until(lambda: accepts_connections(late), within=10, what="it listens")
    with Calls(proxy.address) as calls:
        eventually(lambda: calls.pods() == {"greeter-v1"}, what="the first is called")
        before = time.monotonic()
        etcd.put(f"{SERVICE}/{HOST}:{late}", f"{HOST}:{late}")
        eventually(lambda: "greeter-v2" in calls.pods(), what="the second is called")
        first = min(moment for moment, pod in calls.replies if pod == "greeter-v2")
        assert first - before < 0.1
        assert not calls.failures


def test_compaction_and_a_restart_of_etcd_cost_no_call(lab, etcd, proxy):
    for name in ("greeter-v1", "greeter-v2"):
        Greeter(lab, etcd, name=name, lease="2s").wait_until_registered()
    with Calls(proxy.address) as calls:
        eventually(lambda: len(calls.pods()) == 2, what="both are called")
        for _ in range(20):
            revision = etcd.put("other/key", "x")
        etcd.compact(revision)
        etcd.kill()
        # Longer than the leases: what is known stays all the same.
        gone = time.monotonic()
        eventually(lambda: time.monotonic() - gone > 3, what="the outage is over")
        assert calls.pods(since=time.monotonic() - 0.5) == {"greeter-v1", "greeter-v2"}
        etcd.start()
        # It is heard again: a third one is found.
        Greeter(lab, etcd, name="greeter-v3").wait_until_registered()
        eventually(lambda: "greeter-v3" in calls.pods(), what="the third is called")
        assert calls.pods(since=time.monotonic() - 0.5) == {
            "greeter-v1", "greeter-v2", "greeter-v3",
        }
        assert not calls.failures
