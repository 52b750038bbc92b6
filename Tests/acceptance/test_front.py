"""`fairlead front`, scenario E: each hit makes 25 calls over a fresh channel and closes it."""

import json
import signal
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from harness import wire
from harness.fairlead import fairlead_binary
from harness.health_server import tcp_server
from harness.manifests import pod, service
from harness.processes import HOST, Child, accepts_connections, eventually, free_port

pytestmark = pytest.mark.fairlead_only


class Front:
    """The command as a process."""

    def __init__(self, lab, greeter, *arguments):
        self.port = free_port()
        command = [fairlead_binary(), "front", "--address", f"{HOST}:{self.port}"]
        command += ["--greeter", greeter, *arguments]
        self.child = lab.child(Child("front", command, lab.path("front.log")))
        self.child.wait_until(lambda: self.get("/healthz")[0] == 200, 10, "it is healthy")

    def get(self, path):
        """The status and the body."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None, ""

    def pods(self, query=""):
        """How many calls of one hit each pod took."""
        status, body = self.get("/hello/grpc?format=json" + query)
        assert status == 200, body
        return {share["pod"]: share["calls"] for share in json.loads(body)["pods"]}


@pytest.fixture
def pods(lab):
    return [lab.grpc_backend(f"grpc-v{number}") for number in (1, 2, 3)]


@pytest.fixture
def proxy(lab, pods):
    folder = lab.manifests()
    folder.write("grpc.yaml", service("grpc", port=9000))
    for each in pods:
        folder.write(f"{each.name}.yaml", pod("grpc", each.name, each.port))
    return lab.fairlead(folder, workers=1)


def test_without_proxy_one_pod_takes_all(lab, pods):
    front = Front(lab, pods[0].address)
    assert front.pods() == {"grpc-v1": 25}


def test_through_the_proxy_calls_are_spread(lab, proxy):
    front = Front(lab, proxy.address, "--authority", "grpc:9000")
    counts = front.pods()
    assert sorted(counts.values()) == [8, 8, 9], counts
    assert front.pods("&numrequest=300") == {f"grpc-v{number}": 100 for number in (1, 2, 3)}


def test_text_for_people(lab, pods):
    status, body = Front(lab, pods[0].address).get("/hello/grpc?numrequest=2")
    assert status == 200
    assert "grpc-v1" in body and "2 calls, none failed" in body
    assert "1 call, none failed" in Front(lab, pods[0].address).get("/hello/grpc?numrequest=1")[1]


def test_each_hit_has_a_channel_of_its_own(lab, pods):
    """A pod that is gone is noticed by the next hit, and one that is back by the one after."""
    front = Front(lab, pods[0].address)
    assert front.pods()
    pods[0].child.kill()
    status, body = front.get("/hello/grpc")
    assert status == 502
    assert body.startswith(f"Call 1 of 25 to {pods[0].address} failed: UNAVAILABLE: ")
    lab.grpc_backend("grpc-v1", port=pods[0].port)
    assert front.pods() == {"grpc-v1": 25}


@pytest.mark.parametrize("number", ["0", "10001", "many"])
def test_wrong_numbers(lab, number):
    front = Front(lab, f"{HOST}:{free_port()}")
    status, body = front.get(f"/hello/grpc?numrequest={number}")
    assert status == 400 and "from 1 to 10000" in body


@pytest.mark.parametrize("query", ["bogus=1", "format=xml", "name=%zz", "name=a&name=b"])
def test_queries_that_mean_nothing(lab, query):
    status, body = Front(lab, f"{HOST}:{free_port()}").get(f"/hello/grpc?{query}")
    assert status == 400 and body.count("\n") == 1, body


def test_nobody_there(lab):
    greeter = f"{HOST}:{free_port()}"
    front = Front(lab, greeter)
    words = f"Call 1 of 25 to {greeter} failed: UNAVAILABLE: cannot connect: connection refused"
    assert front.get("/hello/grpc") == (502, words + "\n")
    status, body = front.get("/hello/grpc?format=json")
    assert (status, json.loads(body)) == (502, {"error": words, "status": "UNAVAILABLE"})


def test_a_greeter_that_says_nothing(lab):
    with tcp_server(lambda connection: None) as address:
        status, body = Front(lab, address, "--timeout", "300ms").get("/hello/grpc")
    assert status == 502
    assert body.endswith("failed: UNAVAILABLE: cannot connect: it does not answer in time\n"), body


class GoAway:
    """Ends the connection in place of an answer."""

    def on_headers(self, request):
        request.connection.goaway(0, wire.ENHANCE_YOUR_CALM)


def test_a_greeter_that_says_goaway(lab):
    front = Front(lab, f"{HOST}:{lab.scripted_backend(GoAway()).port}")
    status, body = front.get("/hello/grpc")
    assert status == 502
    words = "failed: UNAVAILABLE: the server said GOAWAY (ENHANCE_YOUR_CALM)\n"
    assert body.endswith(words), body


class Hostile:
    """Has a name that clears a terminal."""

    def on_headers(self, request):
        words = b"Hello world from \x1b[2Jpod"
        request.respond_grpc(b"\x0a" + bytes([len(words)]) + words)


def test_a_pods_words_cannot_move_the_terminal(lab):
    greeter = f"{HOST}:{lab.scripted_backend(Hostile()).port}"
    status, body = Front(lab, greeter).get("/hello/grpc?numrequest=1")
    assert status == 200 and "[2Jpod" in body and "\x1b" not in body, body
    command = [fairlead_binary(), "greet", "--address", greeter, "--repeat", "1"]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout
    assert "[2Jpod" in printed and "\x1b" not in printed, printed


class Silent:
    """Takes calls, and never answers."""

    def on_headers(self, request):
        pass


def test_a_call_that_is_too_slow(lab):
    greeter = f"{HOST}:{lab.scripted_backend(Silent()).port}"
    # It is for connecting as well, which is not to take so long.
    status, body = Front(lab, greeter, "--timeout", "3s").get("/hello/grpc")
    assert status == 502
    assert body.endswith("failed: DEADLINE_EXCEEDED: no answer within 3s\n"), body


def test_sigterm_lets_a_hit_finish(lab):
    port = free_port()
    command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{port}"]
    command += ["--name", "slow", "--delay", "50ms"]
    greeter = lab.child(Child("greeter", command, lab.path("greeter.log")))
    greeter.wait_until(lambda: accepts_connections(port), 10, "it listens")
    front = Front(lab, f"{HOST}:{port}")
    answers = []
    hit = threading.Thread(target=lambda: answers.append(front.get("/hello/grpc?numrequest=40")))
    hit.start()
    eventually(lambda: front.child.running and connections_to(port), 10, "it has begun to call")
    front.child.process.send_signal(signal.SIGTERM)
    assert front.child.wait(within=15) == 0
    hit.join(timeout=10)
    assert answers[0][0] == 200 and "40 calls, none failed" in answers[0][1]


def connections_to(port):
    """How many connections to a local port are open."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return sum(row[2].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


def test_a_port_that_is_taken(lab, pods):
    front = Front(lab, pods[0].address)
    command = [fairlead_binary(), "front", "--address", f"{HOST}:{front.port}"]
    second = lab.child(
        Child("second", [*command, "--greeter", pods[0].address], lab.path("second.log"))
    )
    assert second.wait(within=10) == 1
    assert "the address is in use; choose another --address" in second.log()
