"""A rolling restart of all pods under load, as Kubernetes does it, costs a Swift client no call."""

import os
import time

import pytest

from harness.etcd import Etcd
from harness.pod_sources import SOURCES
from harness.processes import eventually
from test_client_pods import Pods

pytestmark = [pytest.mark.fairlead_only, pytest.mark.timeout(120)]

# Calls a second.
RATE = int(os.environ.get("ACCEPTANCE_RATE", "2000"))

# What a pod waits between its end in the source and its SIGTERM (`preStop`), beyond the time for
# which clients may go on with an old answer.
PAUSE = 0.3


@pytest.mark.parametrize("source", list(SOURCES))
def test_no_call_fails_while_all_pods_are_replaced(lab, source):
    if source == "etcd" and not Etcd.installed:
        pytest.skip("etcd is not installed (Debian: etcd-server)")
    pods = Pods(lab, SOURCES[source])
    names = [f"old-{number}" for number in (1, 2, 3)]
    for name in names:
        pods.start(name, max_connection_age_ms=None)
    pods.publish()
    client = pods.client("--rate", RATE)
    client.wait_for(lambda report: report.has(*names), 10, "all are called")

    events = {}
    for number, old in enumerate(names, 1):
        new = f"new-{number}"
        pods.start(new, max_connection_age_ms=None)
        leaving = pods.take_out(old)
        events[new] = pods.publish()
        client.wait_for(lambda report: report.has(new), 10, f"{new} is called")
        stops = events[new] + pods.source.lag + PAUSE
        eventually(lambda: time.time() >= stops, 10, "its time to stop has come")
        leaving.child.terminate()
        assert leaving.child.wait(15) == 0
    report = client.stop()

    seconds = report.at - report.began
    print(f"{report.calls} calls in {seconds:.1f} s, {report.failed} failed, {report.by_pod}")
    assert report.failed == 0, report.failures_by_status()
    assert report.has(*names, *events)
    # It was a load: at least half of what was asked for, on whatever machine this is.
    assert report.calls > RATE / 2 * seconds
