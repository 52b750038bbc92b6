"""A pod that fails all its calls is taken out by a Swift client for a while, and tried again."""

import json
import time

import pytest

from harness.fairlead import fairlead_binary
from harness.greeter_client import GreeterClient
from harness.processes import HOST, Child, accepts_connections, free_port

pytestmark = pytest.mark.fairlead_only

INTERVAL = 1.0
EJECTION = 2.0
# What a busy machine takes beyond that.
TOLERANCE = 0.5


def config(percent):
    """gRFC A50: from half of all calls failed on, over a second with at least ten calls."""
    return json.dumps({
        "loadBalancingConfig": [{
            "outlier_detection_experimental": {
                "interval": f"{INTERVAL:g}s",
                "baseEjectionTime": f"{EJECTION:g}s",
                "maxEjectionTime": f"{EJECTION:g}s",
                "maxEjectionPercent": percent,
                "failurePercentageEjection": {
                    "threshold": 50, "minimumHosts": 3, "requestVolume": 10,
                },
                "childPolicy": [{"round_robin": {}}],
            }
        }]
    })


class Greeters:
    """`fairlead greeter`s, some of which fail every call with UNAVAILABLE in trailers."""

    def __init__(self, lab, good, bad):
        self.lab = lab
        self.good = [f"good-{number}" for number in range(good)]
        self.bad = [f"bad-{number}" for number in range(bad)]
        self.ports = {name: free_port() for name in self.good + self.bad}
        self.children = {}
        for name in self.ports:
            self.start(name, 1 if name in self.bad else 0)

    def start(self, name, fail_rate):
        port = self.ports[name]
        command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{port}", "--name", name]
        command += ["--fail-rate", fail_rate]
        log = self.lab.path(f"{name}-{fail_rate}.log")
        self.children[name] = self.lab.child(Child(name, command, log))
        self.children[name].wait_until(lambda: accepts_connections(port), 10, "it listens")

    @property
    def target(self):
        return "ipv4:" + ",".join(f"{HOST}:{port}" for port in self.ports.values())

    def client(self, percent):
        return GreeterClient(
            self.lab, self.target, "--service-config", config(percent),
            "--duration", "40s", "--rate", 200,
        )


def bursts(failures, gap=0.75):
    """Failures with less than `gap` seconds between them, as (first, last) times."""
    found = []
    for at in sorted(failure["at"] for failure in failures):
        if found and at - found[-1][1] < gap:
            found[-1][1] = at
        else:
            found.append([at, at])
    return found


def test_a_failing_pod_is_ejected_in_time_and_comes_back(lab):
    greeters = Greeters(lab, good=3, bad=1)
    client = greeters.client(percent=50)
    # Ejected, back, ejected, back: three bursts of failures.
    client.wait_for(lambda report: len(bursts(report.failures)) >= 3, 30, "it was tried three times")
    report = client.stop()
    assert {f["pod"] for f in report.failures} == {"bad-0"}
    assert {f["status"] for f in report.failures} == {"unavailable"}
    found = bursts(report.failures)
    for first, last in found[:2]:
        # A sweep comes every interval; ten calls are needed in one, which a burst may not have before
        # the first sweep.
        assert last - first < 2 * INTERVAL + TOLERANCE, found
    for (_, end), (begin, _) in zip(found, found[1:]):
        # An ejection ends at a sweep.
        assert EJECTION - 0.1 <= begin - end <= EJECTION + INTERVAL + TOLERANCE, found
    assert set(report.by_pod) == set(greeters.good)


def test_a_pod_that_is_well_again_gets_its_share_again(lab):
    greeters = Greeters(lab, good=3, bad=1)
    client = greeters.client(percent=50)
    client.wait_for(
        lambda report: any(e["ejected"] for e in report.endpoints), 10, "it is ejected"
    )
    greeters.children["bad-0"].kill()
    greeters.start("bad-0", 0)
    well = time.time()
    client.wait_for(lambda report: report.by_pod.get("bad-0", 0) > 100, 15, "it gets calls")
    report = client.stop()
    assert report.first("bad-0") - well < 2 * EJECTION + INTERVAL + TOLERANCE
    ended = [failure for failure in report.failures if failure["at"] > well + 1]
    assert not ended, ended


def test_no_more_than_the_allowed_share_is_ejected(lab):
    greeters = Greeters(lab, good=2, bad=2)
    # Two of four are bad, one may be out.
    client = greeters.client(percent=25)
    client.wait_for(lambda report: len(report.failures) > 300, 30, "many have failed")
    client.stop()
    ejected = [sum(e["ejected"] for e in report.endpoints) for report in client.reports()]
    assert max(ejected) == 1, ejected
