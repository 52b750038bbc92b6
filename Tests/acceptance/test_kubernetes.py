"""The proxy configured by the Kubernetes API: a stand-in that answers as a real server does."""

import pytest

from harness.fairlead import fairlead_binary
from harness.grpc_calls import Stub, channel, failure
from harness.kubernetes_api import KubernetesAPI, endpoint, endpoint_slice, pod, service
from harness.load import Load, pods
from harness.processes import Child, accepts_connections, eventually, free_port

pytestmark = pytest.mark.fairlead_only


class Cluster:
    """An API server, a Service `echo`, and pods with an address of their own each, as in a real cluster."""

    def __init__(self, lab):
        self.lab = lab
        self.port = free_port()
        self.api = KubernetesAPI()
        self.config = self.api.kubeconfig(lab.path("kubeconfig"))
        self.backends = {}
        self.endpoints = {}
        self.api.put(service("echo"))

    def start(self, name, ready=True, version="v1"):
        """A pod that serves, and is told to be ready or not."""
        address = f"127.0.0.{100 + len(self.backends)}"
        self.backends[name] = self.lab.grpc_backend(name, port=self.port, host=address)
        self.api.put(pod(name, address, "echo", version))
        self.tell(name, ready=ready, serving=ready)

    def tell(self, name, **conditions):
        """What the API says of a pod's endpoint."""
        address = self.backends[name].host
        self.endpoints[name] = endpoint(name, address, **conditions)
        self.publish()

    def forget(self, name):
        del self.endpoints[name]
        self.publish()

    def publish(self):
        listed = list(self.endpoints.values())
        self.api.put(endpoint_slice("echo-abcde", "echo", self.port, listed))

    def proxy(self, **options):
        arguments = ["--kubernetes", "--kubeconfig", self.config, *options.pop("arguments", [])]
        return self.lab.fairlead(arguments=arguments, **options)


@pytest.fixture
def cluster(lab):
    cluster = Cluster(lab)
    yield cluster
    cluster.api.stop()


@pytest.fixture
def two_pods(cluster):
    for name in ("pod-1", "pod-2"):
        cluster.start(name)
    return cluster


@pytest.fixture
def proxy(two_pods):
    return two_pods.proxy()


@pytest.fixture
def stub(proxy):
    with channel(proxy.address, authority="echo:8080") as own:
        yield Stub(own)


def who(stub, count=20):
    answers = [stub.Who(b"", timeout=5).decode() for _ in range(count)]
    return {name: answers.count(name) for name in set(answers)}


def test_calls_are_spread_over_the_pods_of_a_service(stub):
    assert who(stub) == {"pod-1": 10, "pod-2": 10}


def test_a_pod_that_turns_ready_gets_calls(cluster, two_pods, stub):
    cluster.start("pod-3", ready=False)
    assert set(who(stub)) == {"pod-1", "pod-2"}
    cluster.tell("pod-3")
    eventually(lambda: set(who(stub)) == {"pod-1", "pod-2", "pod-3"}, 3, "it gets calls")


def test_a_terminating_pod_gets_no_new_call_and_keeps_the_running_one(two_pods, stub):
    streams = [stub.Watch(b"%d" % number, timeout=50) for number in range(2)]
    on_pod = {next(stream).decode(): stream for stream in streams}
    two_pods.tell("pod-2", ready=False, serving=True, terminating=True)
    eventually(lambda: set(who(stub)) == {"pod-1"}, 3, "it gets no new calls")
    assert who(stub, 100) == {"pod-1": 100}
    assert not on_pod["pod-2"].done(), "the running call has ended"
    two_pods.backends["pod-2"].release()
    assert list(on_pod["pod-2"]) == [b"released pod-2"]
    on_pod["pod-1"].cancel()


def test_no_call_fails_while_all_pods_are_replaced(cluster, two_pods, proxy):
    with Load(proxy.address, "echo:8080", 500) as load:
        for number in (1, 2):
            cluster.start(f"new-{number}")
            old = f"pod-{number}"
            cluster.tell(old, ready=False, serving=True, terminating=True)
            cluster.backends[old].child.terminate()
            cluster.backends[old].child.wait(15)
            cluster.forget(old)
        load.run_for(1)
        calls = load.stop()
    # A grpcio server may refuse what reaches it between `stop` and its GOAWAY.
    assert not [c for c in calls if c.failed and not c.refused_by_a_stopping_server]
    assert set(pods(calls[-100:])) == {"new-1", "new-2"}


def test_an_outage_of_the_api_costs_nothing_and_its_end_brings_what_is_new(cluster, two_pods, proxy):
    with Load(proxy.address, "echo:8080", 200) as load:
        cluster.api.stop()
        load.run_for(1)
        cluster.start("pod-3")
        cluster.forget("pod-1")
        # What happened meanwhile is not in any watch.
        cluster.api.compact()
        cluster.api.start()
        with channel(proxy.address, authority="echo:8080") as own:
            eventually(lambda: set(who(Stub(own))) == {"pod-2", "pod-3"}, 30, "it is followed")
        calls = load.stop()
    assert not [call for call in calls if call.failed]


def test_watches_that_end_are_resumed_and_expired_ones_read_anew(cluster, two_pods, stub):
    who(stub)
    cluster.api.cut()
    cluster.start("pod-3")
    eventually(lambda: "pod-3" in who(stub), 30, "the event after the cut is followed")
    cluster.api.compact()
    cluster.forget("pod-1")
    eventually(lambda: "pod-1" not in who(stub), 30, "the event after the compaction is followed")


def test_routes_and_subsets_come_from_the_api_and_are_edited_live(cluster, two_pods, stub):
    cluster.start("canary", version="v2")
    eventually(lambda: "canary" in who(stub), 3, "it gets calls")
    subsets = [{"name": v, "labels": {"version": v}} for v in ("v1", "v2")]
    rule = {
        "kind": "DestinationRule",
        "apiVersion": "networking.istio.io/v1",
        "metadata": {"name": "echo"},
        "spec": {"host": "echo", "subsets": subsets},
    }

    def routes(v1, v2):
        route = [
            {"destination": {"host": "echo", "subset": name}, "weight": weight}
            for name, weight in (("v1", v1), ("v2", v2))
        ]
        return {
            "kind": "VirtualService",
            "apiVersion": "networking.istio.io/v1",
            "metadata": {"name": "echo"},
            "spec": {"hosts": ["echo"], "http": [{"route": route}]},
        }

    cluster.api.put(rule, routes(90, 10))
    eventually(lambda: who(stub, 100).get("canary") == 10, 5, "the split is in force")
    cluster.api.put(routes(0, 100))
    eventually(lambda: who(stub) == {"canary": 20}, 5, "the edited split is in force")
    cluster.api.delete("VirtualService", "echo")
    cluster.api.delete("DestinationRule", "echo")
    eventually(lambda: len(who(stub)) == 3, 5, "without rules all pods are called")


def test_without_istio_it_works_as_well(lab):
    cluster = Cluster(lab)
    cluster.api.stop()
    cluster.api = KubernetesAPI(with_istio=False)
    cluster.config = cluster.api.kubeconfig(lab.path("kubeconfig"))
    cluster.api.put(service("echo"))
    cluster.start("pod-1")
    proxy = cluster.proxy()
    with channel(proxy.address, authority="echo:8080") as own:
        assert who(Stub(own)) == {"pod-1": 20}
    cluster.api.stop()


def test_only_the_namespaces_that_are_named_are_watched(cluster, two_pods):
    cluster.api.put(service("other", namespace="elsewhere"))
    proxy = cluster.proxy(arguments=["--namespace", "default"])
    hosts = {each["service"] for each in proxy.clusters()}
    assert hosts == {"echo.default.svc.cluster.local"}
    assert all("/namespaces/default/" in path for path in cluster.api.requests)


def test_it_waits_for_the_api_and_says_what_for(lab):
    port = free_port()
    api = KubernetesAPI(port)
    config = api.kubeconfig(lab.path("kubeconfig"))
    api.stop()
    command = [fairlead_binary(), "proxy", "--kubernetes", "--kubeconfig", config]
    listen, admin = free_port(), free_port()
    command += ["--listen", f"127.0.0.1:{listen}", "--admin", f"127.0.0.1:{admin}"]
    child = lab.child(Child("fairlead", command, lab.path("waiting.log")))
    child.wait_until(lambda: f"127.0.0.1:{port}" in child.log(), 10, "it says what it waits for")
    assert not accepts_connections(listen)
    api.put(service("echo"))
    api.start()
    child.wait_until(lambda: accepts_connections(listen), 30, "it listens")
    api.stop()


def test_a_forbidden_kind_is_named_with_the_remedy(lab):
    api = KubernetesAPI()
    api.forbidden.add("EndpointSlice")
    config = api.kubeconfig(lab.path("kubeconfig"))
    command = [fairlead_binary(), "proxy", "--kubernetes", "--kubeconfig", config]
    command += ["--listen", f"127.0.0.1:{free_port()}", "--admin", f"127.0.0.1:{free_port()}"]
    child = lab.child(Child("fairlead", command, lab.path("forbidden.log")))
    child.wait_until(lambda: "endpointslices" in child.log(), 10, "it names the resource")
    assert "rbac.yaml" in child.log()
    assert api.token not in child.log()
    api.stop()


def test_an_object_that_is_invalid_keeps_its_last_good_version(cluster, two_pods, proxy, stub):
    broken = service("echo")
    broken["spec"]["ports"][0]["port"] = 0
    cluster.api.put(broken)
    eventually(lambda: "echo" in proxy.child.log(), 5, "the log names it")
    assert who(stub) == {"pod-1": 10, "pod-2": 10}


def test_metrics_tell_how_the_watches_are(proxy):
    text = proxy.get("/stats/prometheus")[1]
    assert 'fairlead_kubernetes_objects{kind="Service"} 1' in text
    assert 'fairlead_kubernetes_synced{kind="EndpointSlice"} 1' in text


def test_an_unknown_service_is_said_to_be_unknown(proxy):
    with channel(proxy.address, authority="nobody:8080") as own:
        assert failure(lambda: Stub(own).Who(b"", timeout=5)).code().name == "UNIMPLEMENTED"
