"""One client, one connection, two versions: 50:50, then 90:10, then 0:100 while calls run."""

import time
from collections import Counter

import pytest

from harness.grpc_calls import Stub, channel
from harness.load import Load, pods
from harness.manifests import destination_rule, pod, service, service_entry, virtual_service
from harness.processes import eventually

NAME = "istio-grpc-server"
AUTHORITY = f"{NAME}:8080"

pytestmark = pytest.mark.fairlead_only


@pytest.fixture(scope="module")
def versions(module_lab):
    return [module_lab.grpc_backend(f"{NAME}-{version}") for version in ("v1", "v2")]


@pytest.fixture
def folder(lab, versions):
    folder = lab.manifests()
    folder.write("service.yaml", service(NAME))
    for backend, version in zip(versions, ("v1", "v2")):
        folder.write(f"{version}.yaml", pod(NAME, backend.name, backend.port, version))
    folder.write("destination-rule.yaml", destination_rule(NAME, ["v1", "v2"]))
    return folder


def weights(folder, v1, v2):
    folder.write("virtual-service.yaml", virtual_service(NAME, {"v1": v1, "v2": v2}))


def greet(proxy, count, authority=AUTHORITY):
    """How many of `count` calls on one channel each pod answered."""
    with channel(proxy.address, authority=authority) as own:
        stub = Stub(own)
        texts = [stub.say_hello() for _ in range(count)]
    assert all(text.startswith("Hello world from ") for text in texts)
    return Counter(text.rsplit(" ", 1)[-1] for text in texts)


@pytest.mark.parametrize("workers", [1, 2])
def test_without_weights_half_each(lab, folder, workers):
    counts = greet(lab.fairlead(folder, workers=workers), 1000)
    assert abs(counts[f"{NAME}-v1"] - 500) <= 1 and abs(counts[f"{NAME}-v2"] - 500) <= 1


def test_round_robin_takes_turns(lab, folder):
    proxy = lab.fairlead(folder)
    with channel(proxy.address, authority=AUTHORITY) as own:
        stub = Stub(own)
        eventually(lambda: len({stub.say_hello() for _ in range(4)}) == 2, 5, "both are ready")
        texts = [stub.say_hello() for _ in range(100)]
    assert all(a != b for a, b in zip(texts, texts[1:]))


@pytest.mark.parametrize("v1, v2", [(90, 10), (9, 1), (1, 3), (70, 30)])
def test_weights_are_exact(lab, folder, v1, v2):
    weights(folder, v1, v2)
    counts = greet(lab.fairlead(folder), 1000)
    wanted = 1000 * v1 / (v1 + v2)
    assert abs(counts[f"{NAME}-v1"] - wanted) <= 1
    assert abs(counts[f"{NAME}-v2"] - (1000 - wanted)) <= 1


def test_weights_0_and_100(lab, folder):
    weights(folder, 0, 100)
    assert greet(lab.fairlead(folder), 1000) == {f"{NAME}-v2": 1000}


def test_live_edit_under_load_fails_no_call(lab, folder):
    weights(folder, 90, 10)
    proxy = lab.fairlead(folder, workers=2)
    with Load(proxy.address, AUTHORITY, 2000) as load:
        load.run_for(2)
        weights(folder, 0, 100)
        in_force = wait_for_all(proxy, f"{NAME}-v2")
        load.run_for(2)
        calls = load.stop()
    failed = [call for call in calls if call.failed]
    assert not failed, f"{len(failed)} of {len(calls)} failed: {failed[0].text}"
    before = [call for call in calls if call.end < in_force[0]]
    share = pods(before)[f"{NAME}-v2"] / len(before)
    assert 0.09 < share < 0.11
    after = [call for call in calls if call.start > in_force[1]]
    assert len(after) > 1000
    assert pods(after) == {f"{NAME}-v2": len(after)}
    seconds = calls[-1].end - calls[0].start
    print(f"{len(calls)} calls, {len(calls) / seconds:.0f} a second")
    assert len(calls) / seconds > 1000, "the load was not what it should be"


def wait_for_all(proxy, pod_name):
    """When the edit was made and when it was in force, by the monotonic clock. A second is allowed."""
    edited = time.monotonic()
    with channel(proxy.address, authority=AUTHORITY) as own:
        stub = Stub(own)

        def all_on_it():
            return all(stub.say_hello().endswith(pod_name) for _ in range(20))

        eventually(all_on_it, 1.5, "every call goes to v2")
    return edited, max(time.monotonic(), edited + 1)


def test_flipping_weights_under_load_fails_no_call(lab, folder):
    """Each Snapshot is whole: never a route whose cluster is not there yet."""
    weights(folder, 50, 50)
    proxy = lab.fairlead(folder)
    with Load(proxy.address, AUTHORITY, 1000) as load:
        for flip in range(20):
            if flip % 2:
                folder.write("destination-rule.yaml", destination_rule(NAME, ["v1", "v2"]))
                weights(folder, flip, 100 - flip)
            else:
                rule = virtual_service(NAME, {"v2": 100})
                folder.write("virtual-service.yaml", rule)
            load.run_for(0.2)
        calls = load.stop()
    failed = [call for call in calls if call.failed]
    assert not failed, f"{len(failed)} of {len(calls)} failed: {failed[0].text}"


def test_service_entry_with_weighted_endpoints(lab, versions):
    folder = lab.manifests("entry")
    one, two = (backend.port for backend in versions)
    endpoints = [(one, "v1", 3), (two, "v2", 1)]
    folder.write("entry.yaml", service_entry("greeter.example.com", 8080, endpoints))
    counts = greet(lab.fairlead(folder), 1000, authority="greeter.example.com:8080")
    assert abs(counts[f"{NAME}-v1"] - 750) <= 1


def test_many_channels_at_once_keep_the_shares(lab, folder):
    """The interleave is exact for each worker, so each channel may be one call off at most."""
    weights(folder, 90, 10)
    proxy = lab.fairlead(folder, workers=1)
    counts = sum((greet(proxy, 100) for _ in range(10)), Counter())
    assert abs(counts[f"{NAME}-v1"] - 900) <= 1
