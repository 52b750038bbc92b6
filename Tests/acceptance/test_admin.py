"""The admin listener: what it counts is what was called."""

import json

import grpc
import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness.fairlead import Fairlead
from harness.grpc_calls import Stub, channel, failure
from harness.manifests import destination_rule, pod, service, virtual_service
from harness.processes import eventually
from harness.raw_calls import message, request
from harness.wire import DATA, Wire

pytestmark = pytest.mark.fairlead_only

SERVICE = {"destination_service": "echo.default.svc.cluster.local"}


@pytest.fixture
def backends(lab):
    return [lab.grpc_backend(f"pod-{number}") for number in (1, 2)]


@pytest.fixture
def folder(lab, backends):
    folder = lab.manifests()
    pods = [pod("echo", b.name, b.port, v) for b, v in zip(backends, ("v1", "v2"))]
    folder.write("echo.yaml", service("echo"), *pods)
    return folder


@pytest.fixture(params=[1, 2], ids=["1-worker", "2-workers"])
def proxy(lab, folder, request):
    return lab.fairlead(folder, workers=request.param)


def metrics(proxy):
    """Every family by name, and every line parsed."""
    status, text = proxy.get("/stats/prometheus")
    assert status == 200
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(proxy, sample_name, **labels):
    """The sum of a sample over all its lines that have these labels."""
    return sum(
        sample.value
        for family in metrics(proxy).values()
        for sample in family.samples
        if sample.name == sample_name and labels.items() <= sample.labels.items()
    )


def test_calls_are_counted_exactly(proxy, backends):
    with channel(proxy.address, authority="echo:8080") as own:
        stub = Stub(own)
        for _ in range(60):
            stub.Who(b"")
        wish = json.dumps({"code": 5, "message": "none"}).encode()
        for _ in range(7):
            assert failure(lambda: stub.Fail(wish)).code() is grpc.StatusCode.NOT_FOUND
        after_messages = json.dumps({"count": 3, "size": 10}).encode()
        for _ in range(4):
            with pytest.raises(grpc.RpcError):
                list(stub.FailAfter(after_messages))

    def total(**labels):
        return value(proxy, "istio_requests_total", **SERVICE, **labels)

    eventually(lambda: total() == 71, 3, "71 calls are counted")
    assert total(grpc_response_status="0") == 60
    assert total(grpc_response_status="5") == 7
    # The status is in the trailers, after a head that said 200: it counts all the same.
    assert total(grpc_response_status="15") == 4
    assert value(proxy, "istio_request_duration_milliseconds_count", **SERVICE) == 71
    assert value(proxy, "istio_request_duration_milliseconds_bucket", le="+Inf", **SERVICE) == 71
    answered = [backend.calls("Who") for backend in backends]
    assert sum(answered) == 60
    for backend, count in zip(backends, answered):
        named = {"address": backend.address, "grpc_status": "0"}
        assert value(proxy, "fairlead_upstream_requests_total", **named) == count


def test_octets_are_counted(proxy):
    with channel(proxy.address, authority="echo:8080") as own:
        for _ in range(10):
            Stub(own).Unary(bytes(1000))
    eventually(lambda: value(proxy, "istio_request_bytes_sum", **SERVICE) == 10_050, 3, "10,050")
    assert value(proxy, "istio_response_bytes_sum", **SERVICE) == 10_050


def test_errors_of_the_proxy_are_counted_with_their_flag(proxy):
    with channel(proxy.address, authority="nobody:8080") as own:
        for _ in range(5):
            failure(lambda: Stub(own).Who(b"", timeout=5))
    labels = {"response_flags": "NR", "grpc_response_status": "12"}
    eventually(lambda: value(proxy, "istio_requests_total", **labels) == 5, 3, "5 calls with NR")


def test_active_streams_go_up_and_down(proxy, backends):
    def active():
        return value(proxy, "fairlead_upstream_active_streams")

    with channel(proxy.address, authority="echo:8080") as own:
        calls = [Stub(own).Watch(b"%d" % number) for number in range(6)]
        for call in calls:
            next(call)
        eventually(lambda: active() == 6, 3, "six streams are active")
        shown = sum(e["active"] for cluster in proxy.clusters() for e in cluster["endpoints"])
        assert shown == 6
        for backend in backends:
            backend.release()
        for call in calls:
            list(call)
    eventually(lambda: active() == 0, 3, "no stream is active")


def test_cancelled_call_is_counted_as_the_clients_doing(proxy):
    with Wire.client(proxy.port, deadline=5) as wire:
        fields = request(path="/acceptance.Echo/Watch")
        wire.headers(1, fields, end_stream=False)
        wire.data(1, message(b"cancelled"))
        wire.read_until(lambda f: f.type == DATA, "the first message")
        wire.rst(1)
        labels = {"response_flags": "DC"}
        eventually(
            lambda: value(proxy, "istio_requests_total", **SERVICE, **labels) == 1, 3, "one with DC"
        )
    assert value(proxy, "fairlead_upstream_active_streams") == 0


def test_connections_are_counted(proxy):
    with Wire.client(proxy.port), Wire.client(proxy.port), Wire.client(proxy.port):
        eventually(
            lambda: (
                value(proxy, "fairlead_downstream_connections_active", listener="outbound") == 3
            ),
            3,
            "three connections are open",
        )
    eventually(
        lambda: value(proxy, "fairlead_downstream_connections_active", listener="outbound") == 0,
        3,
        "none is open",
    )
    opened = "fairlead_downstream_connections_opened_total"
    assert value(proxy, opened, listener="outbound") == 3


def test_every_family_is_described_and_typed(proxy):
    with channel(proxy.address, authority="echo:8080") as own:
        Stub(own).Who(b"")
    families = metrics(proxy)
    assert len(families) > 10
    for family in families.values():
        assert family.documentation, family.name
        assert family.type != "unknown", family.name
        labelled = [(s.name, tuple(sorted(s.labels.items()))) for s in family.samples]
        assert len(labelled) == len(set(labelled)), f"{family.name} repeats a line"


def test_labels_do_not_grow_with_what_clients_send(proxy):
    """Unknown authorities and odd paths must not become series."""
    with Wire.client(proxy.port, deadline=5) as wire:
        for index in range(200):
            fields = request(authority=f"name-{index}:1", path=f"/p{index}/m{index}")
            wire.headers(1 + 2 * index, fields)
            wire.read_until(lambda f: f.ends_stream, "the answer")
    text = proxy.get("/stats/prometheus")[1]
    assert "name-7" not in text and "/p7" not in text


def test_metrics_outlive_a_change_of_configuration(proxy, folder, backends):
    with channel(proxy.address, authority="echo:8080") as own:
        for _ in range(20):
            Stub(own).Who(b"")
        folder.write("rule.yaml", destination_rule("echo", ["v1", "v2"]))
        folder.write("route.yaml", virtual_service("echo", {"v1": 1, "v2": 1}))
        eventually(lambda: value(proxy, "fairlead_config_generation") >= 2, 3, "it is in force")
        for _ in range(20):
            Stub(own).Who(b"")
    eventually(
        lambda: value(proxy, "istio_requests_total", **SERVICE) == 40, 3, "40 calls are counted"
    )


def test_clusters_show_state_and_totals(proxy, backends):
    with channel(proxy.address, authority="echo:8080") as own:
        for _ in range(30):
            Stub(own).Who(b"")
    eventually(lambda: sum(e["total"] for e in endpoints(proxy)) == 30, 3, "30 calls are shown")
    assert {e["address"] for e in endpoints(proxy)} == {b.address for b in backends}
    assert {e["state"] for e in endpoints(proxy)} == {"ready"}
    text = proxy.get("/clusters")[1]
    assert all(backend.address in text and backend.name in text for backend in backends)
    backends[1].child.kill()
    eventually(
        lambda: (
            {e["state"] for e in endpoints(proxy) if e["address"] == backends[1].address}
            != {"ready"}
        ),
        5,
        "the dead pod is not ready",
    )


def endpoints(proxy):
    return [endpoint for cluster in proxy.clusters() for endpoint in cluster["endpoints"]]


def test_config_dump_shows_what_is_in_force_and_what_was_refused(proxy, folder):
    dump = json.loads(proxy.get("/config_dump")[1])
    names = [cluster["name"] for cluster in dump["clusters"]]
    assert "outbound|8080||echo.default.svc.cluster.local" in names
    folder.write("broken.yaml", "kind: [")

    def refused():
        return json.loads(proxy.get("/config_dump")[1])["refused"]

    eventually(refused, 3, "the refusal is shown")
    assert "broken.yaml" in json.dumps(refused())
    assert value(proxy, "fairlead_config_refused_total") >= 1
    assert proxy.get("/ready")[0] == 200
    folder.remove("broken.yaml")
    eventually(lambda: not refused(), 3, "nothing is refused any more")


def test_not_ready_without_a_valid_configuration(lab):
    folder = lab.manifests("bad")
    folder.write("broken.yaml", "kind: [")
    proxy = Fairlead([folder.path], lab.path("bad.log"))
    lab.child(proxy.child)

    def said():
        if not proxy.child.running:
            return True
        try:
            return proxy.get("/ready")[0] == 503
        except OSError:
            return False

    eventually(said, 5, "it ends, or says that it is not ready")
    assert "broken.yaml" in proxy.child.log()
    assert proxy.child.running or proxy.child.process.returncode != 0


def test_unknown_page(proxy):
    assert proxy.get("/nothing")[0] == 404
    assert proxy.get("/../../etc/passwd")[0] in (400, 404)
