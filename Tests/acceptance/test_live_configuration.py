"""What a running proxy makes of changes to its files."""

import pytest

from harness.grpc_calls import Stub, channel, failure
from harness.load import Load, pods
from harness.manifests import destination_rule, pod, service, virtual_service
from harness.processes import eventually

pytestmark = pytest.mark.fairlead_only


@pytest.fixture
def backends(lab):
    return [lab.grpc_backend(f"pod-{number}") for number in (1, 2)]


@pytest.fixture
def folder(lab, backends):
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo"))
    for backend in backends:
        folder.write(f"{backend.name}.yaml", pod("echo", backend.name, backend.port))
    return folder


@pytest.fixture
def proxy(lab, folder):
    return lab.fairlead(folder)


@pytest.fixture
def stub(proxy):
    with channel(proxy.address, authority="echo:8080") as own:
        yield Stub(own)


def who(stub, count=20):
    """The pods that answer `count` calls."""
    return {stub.Who(b"", timeout=5).decode() for _ in range(count)}


def test_removed_pod_gets_no_new_calls_and_keeps_the_running_one(folder, backends, stub):
    streams = [stub.Watch(b"%d" % number, timeout=50) for number in range(2)]
    on_pod = {next(stream).decode(): stream for stream in streams}
    assert set(on_pod) == {"pod-1", "pod-2"}
    folder.remove("pod-2.yaml")
    eventually(lambda: who(stub) == {"pod-1"}, 3, "pod-2 gets no new calls")
    assert who(stub, 200) == {"pod-1"}
    assert not on_pod["pod-2"].done(), "the running call has ended"
    backends[1].release()
    assert list(on_pod["pod-2"]) == [b"released pod-2"]
    on_pod["pod-1"].cancel()


def test_added_pod_gets_calls(lab, folder, stub):
    who(stub)
    third = lab.grpc_backend("pod-3")
    folder.write("pod-3.yaml", pod("echo", "pod-3", third.port))
    eventually(lambda: "pod-3" in who(stub), 3, "pod-3 gets calls")
    counts = [stub.Who(b"").decode() for _ in range(300)]
    assert [counts.count(f"pod-{n}") for n in (1, 2, 3)] == [100, 100, 100]


BROKEN = {
    "not YAML": "kind: [",
    "no destination weight at all": virtual_service("echo", {"v1": 0, "v2": 0}),
    "port that is not a number": service("echo", port="eighty"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_invalid_change_leaves_the_old_configuration_in_force(proxy, folder, stub, text):
    before = len(proxy.child.log())
    folder.write("broken.yaml", text)
    eventually(
        lambda: "broken.yaml" in proxy.child.log()[before:], 5, "the log names the broken file"
    )
    # A valid change beside it waits as well: what is in force is one whole configuration.
    folder.remove("pod-2.yaml")
    assert who(stub, 100) == {"pod-1", "pod-2"}
    folder.remove("broken.yaml")
    eventually(lambda: who(stub) == {"pod-1"}, 3, "the valid configuration is in force")
    assert proxy.child.running


def test_service_comes_and_goes(proxy, folder, backends):
    with channel(proxy.address, authority="late:9000") as own:
        stub = Stub(own)
        assert failure(lambda: stub.Who(b"", timeout=5)).code().name == "UNIMPLEMENTED"
        folder.write(
            "late.yaml", service("late", port=9000), pod("late", "late-1", backends[0].port)
        )

        def answers():
            try:
                return stub.Who(b"", timeout=5) == b"pod-1"
            except Exception:
                return False

        eventually(answers, 3, "the new service answers")
        folder.remove("late.yaml")
        eventually(lambda: not answers(), 3, "the service is gone")
        assert failure(lambda: stub.Who(b"", timeout=5)).code().name == "UNIMPLEMENTED"


def test_several_paths_and_a_single_file(lab, folder, backends):
    other = lab.manifests("other")
    other.write("more.yaml", service("more"), pod("more", "more-1", backends[1].port))
    proxy = lab.fairlead(folder, arguments=["-f", other.path + "/more.yaml"])
    for authority, pods_of in (("echo:8080", {"pod-1", "pod-2"}), ("more:8080", {"pod-2"})):
        with channel(proxy.address, authority=authority) as own:
            assert who(Stub(own)) == pods_of


def endpoint_slice(name, service_name, endpoints):
    """An EndpointSlice; each endpoint is (port, ready). The ports differ, so each has a slice."""
    return "---\n".join(
        f"""\
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: {name}-{port}
  namespace: default
  labels:
    kubernetes.io/service-name: {service_name}
addressType: IPv4
ports:
  - name: grpc-backend
    protocol: TCP
    port: {port}
endpoints:
  - addresses: ["127.0.0.1"]
    conditions: {conditions}
"""
        for port, conditions in endpoints
    )


def test_endpoint_slices_are_united_and_count_before_pods(folder, backends, stub):
    one, two = (backend.port for backend in backends)
    folder.write("slices.yaml", endpoint_slice("s", "echo", [(two, "{ready: true}")]))
    eventually(lambda: who(stub) == {"pod-2"}, 3, "the slice is in force")
    folder.write("slices.yaml", endpoint_slice("s", "echo", [(one, "{}"), (two, "{ready: true}")]))
    eventually(lambda: who(stub) == {"pod-1", "pod-2"}, 3, "both slices are in force")
    folder.write("slices.yaml", endpoint_slice("s", "echo", [(one, "{}"), (two, "{ready: false}")]))
    eventually(lambda: who(stub) == {"pod-1"}, 3, "the endpoint that is not ready gets no calls")


def test_rolling_update_under_load_fails_no_call(lab, folder, backends, proxy):
    """Add the new pod, then take the old one out, then stop it: what a Deployment does."""
    with Load(proxy.address, "echo:8080", 400) as load:
        old = list(backends)
        for number, leaving in enumerate(old, start=3):
            new = lab.grpc_backend(f"pod-{number}")
            folder.write(f"{new.name}.yaml", pod("echo", new.name, new.port))
            eventually(lambda: new.calls() > 0, 5, "the new pod gets calls")
            folder.remove(f"{leaving.name}.yaml")
            eventually(lambda: leaving.name not in proxy.get("/clusters")[1], 3, "it is out")
            leaving.child.terminate()
            leaving.child.wait(within=15)
        load.run_for(0.5)
        calls = load.stop()
    failed = [call for call in calls if call.failed]
    assert not failed, f"{len(failed)} of {len(calls)} failed: {failed[0].text}"
    assert set(pods(calls[-50:])) == {"pod-3", "pod-4"}


def test_policy_change_keeps_calls_going(folder, proxy):
    with Load(proxy.address, "echo:8080", 300) as load:
        for policy in ("RANDOM", "LEAST_REQUEST", "ROUND_ROBIN", "RANDOM"):
            folder.write("rule.yaml", destination_rule("echo", policy=policy))
            load.run_for(0.3)
        calls = load.stop()
    assert not [call.text for call in calls if call.failed]
    assert set(pods(calls)) == {"pod-1", "pod-2"}
