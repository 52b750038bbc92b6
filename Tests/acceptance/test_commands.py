"""The commands as a user types them: `demo`, `check`, `greeter`, `greet`, and the examples."""

import json
import pathlib
import re
import shutil
import signal
import subprocess

import grpc
import pytest

from harness.fairlead import REPOSITORY, fairlead_binary
from harness.grpc_calls import Stub, channel
from harness.manifests import Folder, destination_rule, pod, service, virtual_service
from harness.processes import HOST, Child, accepts_connections, eventually, free_port
from test_scenario_c import greet

pytestmark = pytest.mark.fairlead_only

EXAMPLES = REPOSITORY / "examples"


def run(*arguments, within=40):
    """Runs a command to its end."""
    return subprocess.run(
        [fairlead_binary(), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=within,
        start_new_session=True,
    )


def processes_of_session(session):
    """Every process that still belongs to a session."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


# demo


@pytest.fixture(scope="module")
def demo(module_lab):
    child = Child("demo", [fairlead_binary(), "demo", "--json"], module_lab.path("demo.log"))
    module_lab.child(child)
    status = child.wait(within=30)
    return child, status, {row["id"]: row for row in json.loads(child.log())["rows"]}


def test_demo_ends_well_and_leaves_nothing_running(demo):
    child, status, _ = demo
    assert status == 0
    eventually(lambda: not processes_of_session(child.pid), 3, "nothing is left")


def counts(row):
    return sorted(row["pods"].values())


def test_demo_figures(demo):
    _, _, rows = demo
    assert counts(rows["clusterip-1"]) == [300]
    assert sum(counts(rows["clusterip-3"])) == 300
    assert counts(rows["round-robin"]) == [100, 100, 100]
    assert rows["weights-90-10"]["pods"] == {"v1": 270, "v2": 30}
    assert rows["weights-0-100"]["pods"] == {"v2": 300}
    assert rows["pod-added"]["milliseconds"] < 100
    for quiet in ("pod-added", "pod-stopped", "round-robin", "weights-90-10", "weights-0-100"):
        assert rows[quiet]["failed"] == 0, rows[quiet]
    assert rows["pod-killed"]["failed"] < 0.05 * rows["pod-killed"]["calls"]


def test_demo_stops_at_once_when_asked_to(lab):
    child = lab.child(Child("demo", [fairlead_binary(), "demo", "--keep"], lab.path("demo.log")))
    child.wait_until(lambda: len(processes_of_session(child.pid)) > 2, 10, "it has started parts")
    child.process.send_signal(signal.SIGINT)
    child.wait(within=15)
    eventually(lambda: not processes_of_session(child.pid), 5, "nothing is left")


# check


@pytest.mark.parametrize(
    "example", ["cluster-ip", "front", "load", "split", "spread", "static", "tcp"]
)
def test_examples_have_no_findings(example):
    result = run("check", "-f", EXAMPLES / example)
    assert result.returncode == 0, result.stdout + result.stderr


def test_examples_for_a_cluster_lack_pods_alone():
    result = run("check", "--json", "-f", EXAMPLES / "in-a-cluster")
    findings = json.loads(result.stdout)["findings"]
    assert {finding["code"] for finding in findings} == {"no-endpoints"}, result.stdout


def test_check_names_what_is_not_honoured(tmp_path):
    folder = Folder(str(tmp_path / "config"))
    rule = virtual_service("echo", {"v1": 1}) + "      retries:\n        attempts: 3\n"
    folder.write("route.yaml", rule)
    folder.write(
        "echo.yaml", service("echo"), pod("echo", "echo-1", 1), destination_rule("echo", ["v1"])
    )
    result = run("check", "-f", folder.path)
    assert result.returncode == 1
    line = rule[: rule.index("retries:")].count("\n") + 1
    assert re.search(rf"route\.yaml:{line}\b.*retries", result.stdout), result.stdout


def test_check_reports_all_problems_at_once(tmp_path):
    folder = Folder(str(tmp_path / "config"))
    folder.write("one.yaml", "kind: [")
    folder.write("two.yaml", virtual_service("echo", {"v1": 0, "v2": 0}))
    folder.write("three.yaml", service("echo", port="eighty"))
    result = run("check", "-f", folder.path)
    assert result.returncode == 1
    assert all(name in result.stdout for name in ("one.yaml", "two.yaml", "three.yaml"))


def test_check_as_json(tmp_path):
    folder = Folder(str(tmp_path / "config"))
    folder.write("two.yaml", virtual_service("echo", {"v1": 0, "v2": 0}))
    result = run("check", "--json", "-f", folder.path)
    assert result.returncode == 1
    assert "two.yaml" in json.dumps(json.loads(result.stdout))


@pytest.mark.parametrize(
    "arguments",
    [["check", "--nonsense"], ["nonsense"], ["proxy"], ["greet", "--address", "no port"]],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(arguments):
    result = run(*arguments)
    assert result.returncode == 2, result.stdout + result.stderr
    assert result.stderr


# greeter and greet


@pytest.fixture
def greeters(lab):
    """Two pods that serve, by port."""
    ports = {}
    for name in ("greeter-1", "greeter-2"):
        port = free_port()
        command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{port}", "--name", name]
        child = lab.child(Child(name, command, lab.path(name + ".log")))
        child.wait_until(lambda: accepts_connections(port), 10, "it listens")
        ports[name] = (port, child)
    return ports


@pytest.fixture
def greeter_proxy(lab, greeters):
    folder = lab.manifests()
    folder.write("greeter.yaml", service("greeter"))
    for name, (port, _) in greeters.items():
        folder.write(f"{name}.yaml", pod("greeter", name, port))
    return lab.fairlead(folder)


def test_greet_prints_a_line_a_call_and_a_count(greeter_proxy):
    where = ["--address", greeter_proxy.address, "--authority", "greeter:8080"]
    result = run("greet", *where, "--repeat", 20)
    assert result.returncode == 0, result.stderr
    lines = [line for line in result.stdout.splitlines() if "Hello world from" in line]
    assert len(lines) == 20
    assert all(
        re.search(r"\d\d:\d\d:\d\d.* Hello world from greeter-[12]\b", line) for line in lines
    )
    rest = result.stdout.split(lines[-1])[1]
    assert re.search(r"greeter-1\D+10\b", rest) and re.search(r"greeter-2\D+10\b", rest), rest


def test_greet_says_that_calls_failed(greeter_proxy):
    where = ["--address", greeter_proxy.address, "--authority", "nobody:8080"]
    result = run("greet", *where, "--repeat", 3)
    assert result.returncode == 1
    assert "Hello" not in result.stdout


def test_grpcio_calls_the_greeter(greeters):
    port, _ = greeters["greeter-1"]
    with channel(f"{HOST}:{port}") as own:
        assert Stub(own).say_hello() == "Hello world from greeter-1"
        health = own.unary_unary("/grpc.health.v1.Health/Check")
        assert health(b"", timeout=5) == b"\x08\x01"  # SERVING
        reflect = own.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
        list_services = b"\x3a\x01*"
        assert b"helloworld.Greeter" in next(reflect(iter([list_services]), timeout=5))


def test_greeters_are_balanced_and_a_stopped_one_costs_no_call(greeters, greeter_proxy):
    _, first = greeters["greeter-1"]
    with channel(greeter_proxy.address, authority="greeter:8080") as own:
        stub = Stub(own)
        assert {stub.say_hello() for _ in range(10)} == {
            "Hello world from greeter-1",
            "Hello world from greeter-2",
        }
        first.terminate()
        for _ in range(500):
            assert stub.say_hello().startswith("Hello world from greeter-")
        assert first.wait(within=15) == 0
        assert {stub.say_hello() for _ in range(10)} == {"Hello world from greeter-2"}


# The example of the split, as its README says, on free ports.


def test_split_example(lab):
    shutil.copytree(EXAMPLES / "split", lab.path("split"))
    pods_file = pathlib.Path(lab.path("split")) / "pods.yaml"
    moved = []
    for document in pods_file.read_text().split("---\n"):
        backend = lab.grpc_backend(re.search(r"name: (\S+)", document)[1])
        moved.append(re.sub(r"containerPort: \d+", f"containerPort: {backend.port}", document))
    pods_file.write_text("---\n".join(moved))
    proxy = lab.fairlead(Folder(lab.path("split")))
    got = greet(proxy, 1000, authority="istio-grpc-server:8080")
    assert abs(got["istio-grpc-server-v1"] - 900) <= 1 and sum(got.values()) == 1000
    route = pathlib.Path(lab.path("split")) / "virtual-service.yaml"
    edited = re.sub(r"weight: 90\b", "weight: 0", route.read_text())
    route.write_text(re.sub(r"weight: 10\b", "weight: 100", edited))

    def all_on_v2():
        return set(greet(proxy, 20, authority="istio-grpc-server:8080")) == {"istio-grpc-server-v2"}

    eventually(all_on_v2, 3, "every call goes to v2")
    route.unlink()
    eventually(lambda: not all_on_v2(), 3, "v1 gets calls")
    got = greet(proxy, 1000, authority="istio-grpc-server:8080")
    assert all(abs(count - 500) <= 1 for count in got.values()) and len(got) == 2


def test_code_of_a_failing_greeter_is_passed_on(lab):
    port = free_port()
    options = ["--fail-rate", "1", "--name", "failing"]
    command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{port}", *options]
    child = lab.child(Child("failing", command, lab.path("failing.log")))
    child.wait_until(lambda: accepts_connections(port), 10, "it listens")
    folder = lab.manifests()
    folder.write("greeter.yaml", service("greeter"), pod("greeter", "failing", port))
    proxy = lab.fairlead(folder)
    with channel(proxy.address, authority="greeter:8080") as own:
        with pytest.raises(grpc.RpcError) as failed:
            Stub(own).say_hello()
    assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
