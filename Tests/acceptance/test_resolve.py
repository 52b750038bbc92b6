"""What `fairlead resolve` prints of each kind of source, and what it says when something is wrong."""

import json
import os
import subprocess

import pytest

from harness.dns import DNS
from harness.fairlead import fairlead_binary
from harness.kubernetes_api import KubernetesAPI, endpoint, endpoint_slice, pod, service
from harness.processes import HOST, free_port

pytestmark = pytest.mark.fairlead_only


def resolve(*arguments, environment=None):
    """Exit status, standard output and standard error."""
    command = [fairlead_binary(), "resolve", *arguments]
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=30, env={**os.environ, **(environment or {})}
    )
    return run.returncode, run.stdout, run.stderr


@pytest.fixture
def api():
    api = KubernetesAPI()
    api.put(service("echo"), pod("echo-1", "10.0.0.1", "echo", "v2"))
    ready = endpoint("echo-1", "10.0.0.1")
    leaving = endpoint("echo-2", "10.0.0.2", ready=False, terminating=True)
    api.put(endpoint_slice("echo-a", "echo", 9000, [ready]))
    api.put(endpoint_slice("echo-b", "echo", 9000, [leaving]))
    yield api
    api.stop()


@pytest.fixture
def config(api, tmp_path):
    return api.kubeconfig(tmp_path / "kubeconfig")


@pytest.mark.parametrize("target", ["echo", "echo.default:8080", "echo.default.svc:grpc", "echo:9000"])
def test_kubernetes(config, target):
    status, output, errors = resolve(
        "--json", "--kubeconfig", config, f"kubernetes:///{target}"
    )
    assert status == 0, errors
    found = {each["address"]: each for each in json.loads(output)["endpoints"]}
    assert set(found) == {"10.0.0.1:9000", "10.0.0.2:9000"}
    assert found["10.0.0.1:9000"]["readiness"] == "ready"
    assert found["10.0.0.1:9000"]["labels"] == {"app": "echo", "version": "v2"}
    assert found["10.0.0.2:9000"]["readiness"] == "draining"


def test_kubernetes_says_what_is_wrong(api, config, tmp_path):
    def failure(target, file=config):
        status, output, errors = resolve("--kubeconfig", file, target)
        assert (status, output) == (1, ""), errors
        assert errors.count("\n") == 1, errors
        assert api.token not in errors
        return errors

    assert 'no Service "nobody" in namespace "default"' in failure("kubernetes:///nobody")
    assert "has no port 1;" in failure("kubernetes:///echo:1")
    other = api.kubeconfig(tmp_path / "other", token="wrong")
    assert "does not accept the credentials" in failure("kubernetes:///echo", other)
    api.forbidden.add("EndpointSlice")
    assert "deploy/rbac.yaml" in failure("kubernetes:///echo")
    assert str(tmp_path / "gone") in failure("kubernetes:///echo", str(tmp_path / "gone"))
    api.stop()
    assert "cannot be reached" in failure("kubernetes:///echo")


def certificate(folder, name):
    """A certificate for loopback that nobody but itself has signed, and its key."""
    files = [str(folder / f"{name}.crt"), str(folder / f"{name}.key")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=test", "-addext", f"subjectAltName=IP:{HOST}"]
    subprocess.run(
        [*command, "-out", files[0], "-keyout", files[1]], check=True, capture_output=True
    )
    return files


def test_kubernetes_with_tls(tmp_path):
    own, other = certificate(tmp_path, "own"), certificate(tmp_path, "other")
    api = KubernetesAPI(certificate=own)
    api.put(service("echo"), endpoint_slice("echo-a", "echo", 9, [endpoint("a", "10.0.0.1")]))
    good = api.kubeconfig(tmp_path / "good", authority=own[0])
    status, output, errors = resolve("--kubeconfig", good, "kubernetes:///echo")
    assert status == 0 and "10.0.0.1:9" in output, errors
    bad = api.kubeconfig(tmp_path / "bad", authority=other[0])
    status, output, errors = resolve("--kubeconfig", bad, "kubernetes:///echo")
    assert status == 1 and "certificate" in errors, errors
    api.stop()


def test_dns(lab):
    dns = DNS(lab, ["127.0.0.11", "127.0.0.12"])
    status, output, errors = resolve(dns.target(80))
    assert status == 0, errors
    assert {line.split()[0] for line in output.splitlines()[1:]} == {"127.0.0.11:80", "127.0.0.12:80"}
    unknown = f"dns://{HOST}:{dns.port}/nobody.test:80"
    status, _, errors = resolve(unknown)
    assert status == 1 and "nobody.test" in errors
    dns.stop()
    status, _, errors = resolve(dns.target(80))
    assert status == 1 and f"{HOST}:{dns.port}" in errors


@pytest.mark.parametrize(
    "target",
    [
        "kubernetes://server/echo",
        "kubernetes:///a.b.c",
        "kubernetes:///echo:99999",
        "etcd:///greeter",
        "dns:greeter:80:90",
        "ipv4:greeter:80",
        "nothing:///greeter",
    ],
)
def test_a_malformed_target_is_wrong_usage(target):
    status, output, errors = resolve(target, environment={"ETCDCTL_ENDPOINTS": ""})
    assert (status, output) == (2, "")
    assert target in errors and "malformed" in errors


def test_a_server_of_etcd_that_is_down_is_named():
    port = free_port()
    status, _, errors = resolve(f"etcd://{HOST}:{port}/greeter")
    assert status == 1 and f"{HOST}:{port}" in errors and "cannot be reached" in errors
