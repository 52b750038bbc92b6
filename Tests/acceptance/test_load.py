"""`fairlead load`: who answered, how fast, and what it says when it cannot."""

import array
import fcntl
import json
import os
import signal
import subprocess
import termios
import time

import grpc
import pytest
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2

from harness.certificates import Authority
from harness.fairlead import fairlead_binary
from harness.health_server import SERVING, Health, HealthServer, tcp_server
from harness.manifests import pod, service
from harness.processes import HOST, Child, eventually, free_port

pytestmark = pytest.mark.fairlead_only

HELLO = "helloworld.Greeter/SayHello"
CHECK = "grpc.health.v1.Health/Check"


def load(*arguments, within=60):
    """The exit status, what was printed as the result, and what was said besides."""
    done = subprocess.run(
        [fairlead_binary(), "load", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within,
    )
    return done.returncode, done.stdout, done.stderr


def report(*arguments, status=0, within=60):
    """The report as JSON."""
    code, out, err = load("--plaintext", "--json", *arguments, within=within)
    assert code == status, err + out
    return json.loads(out)


def printed(child):
    """The report that a process has printed as JSON, between what it said besides."""
    text = child.log()
    return json.loads(text[text.index("{\n") : text.rindex("}") + 1])


def refusal(*arguments, status=1):
    """The one sentence that is said when no load is made."""
    code, out, err = load(*arguments)
    assert (code, out) == (status, ""), err + out
    assert "Fatal" not in err and len(err.splitlines()) == 1, err
    return err


@pytest.mark.parametrize(
    "body, words",
    [
        (b"", "OK without a message"),
        (b"\0\0\0\0\2\x08", "broke off in its message"),
        (b"\0\0\0\0\0" * 2, "more than the one message"),
        (b"\1\0\0\0\0", "compressed message, unasked"),
    ],
)
@pytest.mark.parametrize("by", ["peer", "field:status"])
def test_a_good_answer_has_one_message(lab, body, words, by):
    class Script:
        def on_end(self, request):
            head = [(":status", "200"), ("content-type", "application/grpc")]
            request.connection.headers(request.stream, head, end_stream=False)
            if body:
                request.connection.data(request.stream, body, end_stream=False)
            request.connection.headers(request.stream, [("grpc-status", "0")])

    address = f"{HOST}:{lab.scripted_backend(Script()).port}"
    known = ["--protoset", descriptor_set(lab), "--call", CHECK]
    run = report(*known, "--by", by, "--total", 3, address, status=1)["runs"][0]
    assert [(status["name"], status["calls"]) for status in run["statuses"]] == [("INTERNAL", 3)]
    assert words in run["statuses"][0]["message"]


def misuse(*arguments):
    """The sentence of what is wrong with the arguments; some are followed by how the command is used."""
    code, out, err = load(*arguments)
    assert (code, out) == (2, "") and err.startswith("Error: "), err + out
    return err.splitlines()[0]


@pytest.mark.parametrize(
    "arguments, example",
    [
        (["--duration", "5"], "500ms, 30s or 1m30s"),
        (["--timeout", "banana"], "500ms, 30s or 1m30s"),
        (["--warm-up", "1"], "500ms, 30s or 1m30s"),
        (["--by", "nothing"], "such as header:x-pod"),
        (["--connections", "1,x"], "such as 1,3"),
        (["--total", "many"], "such as 100"),
        (["--rps", "fast"], "such as 500 or 0.5"),
        (["nohost"], "such as greeter:8080"),
        (["--target", "="], "such as dns:///greeter:8080"),
        (["--call", "SayHello"], "package.Service/Method"),
        (["-d", '{"name"'], "line 1"),
        (["-d", "{{foo}}"], "{{random 1 100}}"),
    ],
)
def test_values_that_are_wrong(arguments, example):
    others = [] if "--call" in arguments else ["--call", HELLO]
    assert example in misuse("--plaintext", *others, *arguments, f"{HOST}:{free_port()}")


@pytest.mark.parametrize(
    "arguments", [["--call", "a.B\x1b[2J/C/D"], ["--call", HELLO, "-d", "{{fo\x1b[2Jo}}"]]
)
def test_what_is_wrong_cannot_move_the_cursor(arguments):
    code, out, err = load("--plaintext", *arguments, f"{HOST}:{free_port()}")
    assert code == 2 and "\\u{1b}[2J" in err and "\x1b" not in out + err, err


@pytest.fixture
def greeter(lab):
    """Starts greeters; each has its address."""

    def start(name="pod-1", *options):
        address = f"{HOST}:{free_port()}"
        command = [fairlead_binary(), "greeter", "--address", address, "--name", name, *options]
        child = lab.child(Child("greeter", command, lab.path(f"{name}.log")))
        child.address = address
        child.wait_until(lambda: "listens on" in child.log(), within=20, what="the greeter listens")
        return child

    return start


# Who answered


def test_connections_and_calls_side_by_side(lab, greeter):
    """Through TCP one connection is one pod and three are a few; through HTTP/2 all are equal."""
    pods = [greeter(f"pod-{number}") for number in (1, 2, 3)]
    folder = lab.manifests()
    ports = [int(each.address.rpartition(":")[2]) for each in pods]
    folder.write(
        "tcp.yaml",
        service("tcp", annotations={"fairlead.dev/balance": "connection"}),
        *[pod("tcp", f"tcp-{index}", port) for index, port in enumerate(ports, 1)],
    )
    folder.write(
        "grpc.yaml",
        service("grpc"),
        *[pod("grpc", f"grpc-{index}", port) for index, port in enumerate(ports, 1)],
    )
    proxy = lab.fairlead(folder, bind=[("tcp", 8080), ("grpc", 8080)], workers=1)
    found = report(
        "--call", HELLO, "-d", '{"name": "{{n}}"}', "--by", "header:x-pod", "--total", 900,
        "--concurrency", 30, "--connections", "1,3", "--backends", 3,
        f"tcp={HOST}:{proxy.bound['tcp', 8080]}", f"grpc={HOST}:{proxy.bound['grpc', 8080]}",
    )  # fmt: skip
    assert [run["name"] for run in found["runs"]] == [
        "tcp (1 connection)", "tcp (3 connections)", "grpc (1 connection)", "grpc (3 connections)",
    ]  # fmt: skip
    calls = [sorted(backend["calls"] for backend in run["backends"]) for run in found["runs"]]
    one, three, balanced, wide = calls
    assert [each for each in one if each] == [900]
    # Each connection is one pod's; how many calls it carries depends on how fast that is.
    assert sum(three) == 900
    assert sum(backend["connections"] for backend in found["runs"][1]["backends"]) == 3
    assert balanced == [300, 300, 300] == wide
    assert "all 900 calls went to 1 of 3 backends" in found["runs"][0]["verdict"]["sentence"]
    assert "evenly over 3 backends" in found["runs"][2]["verdict"]["sentence"]
    assert all(run["failed"] == 0 for run in found["runs"])


def test_a_target_is_balanced_here(greeter):
    addresses = [greeter(f"pod-{number}").address for number in (1, 2, 3)]
    found = report(
        "--call", HELLO, "--total", 300, "--target", f"here=ipv4:{','.join(addresses)}",
        "--by", "header:x-pod",
    )  # fmt: skip
    (run,) = found["runs"]
    assert [backend["calls"] for backend in run["backends"]] == [100, 100, 100]
    assert run["name"] == "here"
    assert run["mode"] == {"kind": "balanced", "policy": "round_robin"}
    found = report(
        "--call", HELLO, "--total", 30, "--target", f"ipv4:{','.join(addresses)}",
        "--policy", '{"loadBalancingConfig": [{"pick_first": {}}]}',
    )  # fmt: skip
    (run,) = found["runs"]
    assert sorted(backend["calls"] for backend in run["backends"]) == [0, 0, 30]
    assert {backend["name"] for backend in run["backends"]} == set(addresses)


def test_backends_by_a_field(greeter):
    address = greeter("pod-9").address
    found = report("--call", HELLO, "--total", 10, "--by", "field:message", address)
    assert found["backends"]["names"] == ["Hello  from pod-9"]


# How fast


def test_a_pause_of_the_server_shows(lab, greeter):
    """The coordinated omission: a server that stops for a second is slow for every call that was due
    in it, not for the few that were under way."""
    server = greeter()
    command = [fairlead_binary(), "load", "--plaintext", "--json", "--call", HELLO]
    command += ["--rps", "200", "--duration", "6s", "--concurrency", "10", server.address]
    run = lab.child(Child("load", command, lab.path("load.json")))
    eventually(lambda: established(server.pid), 20, "the load begins")
    time.sleep(1)
    os.kill(server.pid, signal.SIGSTOP)
    time.sleep(1)
    os.kill(server.pid, signal.SIGCONT)
    assert run.process.wait(timeout=60) == 0, run.log()
    found = printed(run)
    latency = found["runs"][0]["latency"]
    assert latency["isMeasuredFromIntendedStart"]
    # Of 1,200 calls 200 were due in the pause: a twelfth waited half a second and more.
    p99 = next(p["seconds"] for p in latency["percentiles"] if p["percentile"] == 99)
    assert p99 > 0.8
    assert found["runs"][0]["calls"] + found["runs"][0]["notSent"] == 1200


def established(pid):
    """Whether the process has a connection of a client."""
    sockets = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            sockets.add(os.readlink(f"/proc/{pid}/fd/{name}"))
        except OSError:
            continue
    with open(f"/proc/{pid}/net/tcp", encoding="ascii") as table:
        lines = [line.split() for line in table.readlines()[1:]]
    return any(line[3] == "01" and f"socket:[{line[9]}]" in sockets for line in lines)


def test_the_rate_is_kept(greeter):
    found = report(
        "--call", HELLO, "--rps", 300, "--total", 300, "--warm-up", "200ms", "--connections", 2,
        greeter().address,
    )  # fmt: skip
    (run,) = found["runs"]
    assert run["calls"] == 300 and run["notSent"] == 0
    # The last one was due 0.997 s after the first.
    assert run["elapsedSeconds"] > 0.99
    assert run["warmUpSeconds"] == 0.2


# What calls are made of


def test_every_kind_of_method(greeter):
    address = greeter().address
    found = report("--call", "helloworld.Greeter/SayHelloStreamReply", "--total", 10, address)
    assert found["runs"][0]["failed"] == 0
    found = report(
        "--call", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "--total", 10,
        "-d", '{"list_services": ""} {"list_services": ""}', address,
    )  # fmt: skip
    assert found["runs"][0]["statuses"] == [{"calls": 10, "code": 0, "name": "OK"}]


def test_failed_calls_are_counted_and_told(greeter):
    address = greeter("pod-1", "--fail-rate", "0.1").address
    code, out, err = load("--plaintext", "--call", HELLO, "--total", 100, address)
    assert code == 1
    assert "10 of 100 calls failed." in err
    assert "UNAVAILABLE" in out


def test_calls_end_by_their_deadline(lab):
    server = HealthServer(Health())
    lab.on_close(server.stop)
    server.servicer.may_answer.clear()
    found = report(
        "--call", CHECK, "--protoset", descriptor_set(lab), "--total", 4, "--concurrency", 2,
        "--timeout", "300ms", server.address, status=1,
    )  # fmt: skip
    (run,) = found["runs"]
    assert [(each["name"], each["calls"]) for each in run["statuses"]] == [("DEADLINE_EXCEEDED", 4)]
    assert run["latency"]["minSeconds"] >= 0.3


def descriptor_set(lab):
    """What grpcio says of the health service, in a file."""
    files = descriptor_pb2.FileDescriptorSet()
    health_pb2.DESCRIPTOR.CopyToProto(files.file.add())
    path = lab.path("health.pb")
    with open(path, "wb") as file:
        file.write(files.SerializeToString())
    return path


def test_tls(lab, tmp_path):
    authority = Authority(tmp_path)
    certificate, key = authority.issue("server", f"IP:{HOST}")
    servicer = Health()
    servicer.set("", SERVING)
    server = HealthServer(
        servicer,
        credentials=grpc.ssl_server_credentials(
            [(key.read_bytes(), certificate.read_bytes())], authority.certificate.read_bytes(), True
        ),
    )
    lab.on_close(server.stop)
    known = ["--call", CHECK, "--protoset", descriptor_set(lab), "--total", "20", server.address]
    mine, mine_key = authority.issue("client")
    identity = ["--cert", str(mine), "--key", str(mine_key)]
    code, out, err = load("--cacert", authority.certificate, *identity, *known)
    assert code == 0, err
    assert "20 calls" in out
    assert load("--insecure", *identity, *known)[0] == 0

    other = Authority(tmp_path / "other", "other")
    assert "--cacert" in refusal("--cacert", other.certificate, *identity, *known)
    assert "certificate" in refusal("--cacert", authority.certificate, *known)
    assert "leave out --plaintext" in refusal("--plaintext", *known)

    # One of two pods that cannot be trusted is remarked, in words of this command.
    theirs, their_key = other.issue("server", f"IP:{HOST}")
    stranger = HealthServer(
        servicer,
        credentials=grpc.ssl_server_credentials([(their_key.read_bytes(), theirs.read_bytes())]),
    )
    lab.on_close(stranger.stop)
    # So few calls a second take longer than a handshake.
    target = ["--rps", "10", "--json", "--target", f"ipv4:{server.address},{stranger.address}"]
    code, out, err = load("--cacert", authority.certificate, *identity, *known[:-1], *target)
    assert code == 0, err
    (note,) = json.loads(out)["runs"][0]["notes"]
    assert note.startswith("1 of 2 endpoints could not be reached in the end: "), note
    assert note.endswith("renew it, or give its authority with --cacert."), note


# How it ends


@pytest.mark.parametrize("target", [False, True], ids=["address", "target"])
def test_an_interrupt_ends_the_run_and_reports(lab, target):
    """Calls that are under way end, and are counted."""
    servicer = Health()
    servicer.set("", SERVING)
    server = HealthServer(servicer)
    lab.on_close(server.stop)
    command = [fairlead_binary(), "load", "--plaintext", "--json", "--call", CHECK]
    command += ["--protoset", descriptor_set(lab), "--duration", "1h", "--concurrency", "4"]
    command += ["--target", f"ipv4:{server.address}"] if target else [server.address]
    run = lab.child(Child("load", command, lab.path("load.json")))
    eventually(lambda: len(servicer.asked) > 10, 20, "calls are made")
    servicer.may_answer.clear()
    run.process.send_signal(signal.SIGINT)
    servicer.may_answer.set()
    assert run.process.wait(timeout=20) == 0, run.log()
    (run,) = printed(run)["runs"]
    assert run["calls"] == len(servicer.asked) and run["failed"] == 0
    assert run["wasStopped"]


def test_a_server_that_takes_no_call_is_told(lab):
    """It says GOAWAY to each connection."""
    text = b"\0\0\0\0\0\0\0\x0btoo many \x1b[31m"
    goaway = len(text).to_bytes(3) + b"\x07\0\0\0\0\0" + text
    settings = b"\0\0\0\x04\0\0\0\0\0"
    known = ["--plaintext", "--call", CHECK, "--protoset", descriptor_set(lab)]
    with tcp_server(lambda connection: connection.sendall(settings + goaway)) as address:
        for extent in (["--total", "3", "--timeout", "200ms"], ["--duration", "200ms"]):
            code, out, err = load(*known, *extent, address)
            assert code == 1
            assert 'GOAWAY (ENHANCE_YOUR_CALM, "too many \\u{1b}[31m")' in err
            assert "failed (100.0%)" in out


def test_an_interrupt_ends_the_wait_for_data(greeter):
    command = [fairlead_binary(), "load", "--plaintext", "--call", HELLO, "-d", "@"]
    with subprocess.Popen(
        [*command, greeter().address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        try:
            run.stdin.write('{"name": ')
            run.stdin.flush()
            eventually(lambda: unread(run.stdin) == 0, 20, "the data are read")
            run.send_signal(signal.SIGINT)
            assert run.wait(timeout=20) == 1
            assert (run.stdout.read(), run.stderr.read()) == (
                "", "Error: Stopped before any call was made.\n",
            )  # fmt: skip
        finally:
            run.kill()


def unread(pipe):
    """Octets that were written to a pipe and not read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


def test_data_come_from_a_pipe(greeter):
    command = [fairlead_binary(), "load", "--plaintext", "--json", "--call", HELLO, "-d", "@"]
    done = subprocess.run(
        [*command, "--total", "20", "--by", "field:message", greeter().address],
        input='{"name": "a"}\n{"name": "b"}\n',
        capture_output=True,
        text=True,
        timeout=60,
    )
    (run,) = json.loads(done.stdout)["runs"]
    assert [backend["calls"] for backend in run["backends"]] == [10, 10]


def test_a_server_that_comes_back_is_loaded_again(lab, greeter):
    server = greeter("pod-1")
    command = [fairlead_binary(), "load", "--plaintext", "--json", "--call", HELLO, "--rps", "100"]
    command += ["--duration", "8s", "--by", "header:x-pod", server.address]
    run = lab.child(Child("load", command, lab.path("load.json")))
    eventually(lambda: established(server.pid), 20, "the load begins")
    time.sleep(1)
    server.kill()
    again = [fairlead_binary(), "greeter", "--address", server.address, "--name", "pod-2"]
    lab.child(Child("greeter", again, lab.path("again.log")))
    run.process.wait(timeout=60)
    (run,) = printed(run)["runs"]
    assert [backend["name"] for backend in run["backends"] if backend["calls"]] == ["pod-1", "pod-2"]
    assert {each["name"] for each in run["statuses"]} <= {"OK", "UNAVAILABLE"}


def test_the_page_is_written(greeter, tmp_path):
    page = tmp_path / "report.html"
    code, out, _ = load(
        "--plaintext", "--call", HELLO, "--total", 10, "--html", page, greeter().address
    )
    assert code == 0 and "10 calls" in out
    assert "<svg" in page.read_text()


# What cannot be


def test_what_cannot_be_called(greeter):
    address = greeter().address
    plain = ["--plaintext", "--total", "1"]
    assert "no method 'SayNo'" in refusal(*plain, "--call", "helloworld.Greeter/SayNo", address)
    assert "no.Such" in refusal(*plain, "--call", "no.Such/Method", address)
    known = [*plain, "--call", HELLO, address]
    assert 'no field "nme"' in misuse(*known, "-d", '{"nme": 1}')
    assert "line 1" in misuse(*known, "-d", '{"name":')
    assert "{{random 1 100}}" in misuse(*known, "-d", '{"name": "{{foo}}"}')
    assert 'no field "pod"' in misuse(*known, "--by", "field:pod")
    assert "/none/such" in refusal(*known, "-d", "@/none/such")
    assert "/none/such" in refusal(*known, "--html", "/none/such/page.html")


def test_who_cannot_be_called(lab, greeter):
    plain = ["--plaintext", "--call", HELLO]
    assert "refused" in refusal(*plain, f"{HOST}:{free_port()}")
    assert "does not speak TLS" in refusal("--call", HELLO, greeter().address)
    with tcp_server(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as web:
        assert "does not answer in HTTP/2" in refusal(*plain, web)
    server = HealthServer(Health())
    lab.on_close(server.stop)
    assert "--proto" in refusal(*plain, server.address)
    assert "nope.invalid" in refusal(*plain, "--target", "dns:///nope.invalid:80")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--total", "0", "a:1"],
        ["--total", "1", "--duration", "1s", "a:1"],
        ["--connections", "0", "a:1"],
        ["--connections", "1,1", "a:1"],
        ["--rps", "0", "a:1"],
        ["--concurrency", "0", "a:1"],
        ["--by", "pod", "a:1"],
        ["--policy", "none_such", "--target", "dns:///a:1"],
        ["--policy", "round_robin", "a:1"],
        ["x=a:1", "x=b:1"],
        ["a"],
    ],
)
def test_wrong_usage(arguments):
    code, out, err = load("--plaintext", "--call", HELLO, *arguments)
    assert (code, out) == (2, ""), err
    assert err.startswith("Error: ")
