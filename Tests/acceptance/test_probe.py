"""`fairlead probe` in the place of `grpc_health_probe`: its flags, its words, its exit statuses."""

import contextlib
import os
import select
import signal
import socket
import subprocess

import grpc
import pytest

from harness.certificates import Authority
from harness.fairlead import fairlead_binary
from harness.health_server import NOT_SERVING, SERVING, Health, HealthServer, tcp_server
from harness.processes import HOST, Child, eventually, free_port

pytestmark = pytest.mark.fairlead_only


def probe(*arguments, command=None, within=20):
    """The exit status and all that was printed."""
    done = subprocess.run(
        [*(command or [fairlead_binary(), "probe"]), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=within,
    )
    return done.returncode, done.stdout


@pytest.fixture
def health():
    servicer = Health()
    servicer.set("up", SERVING)
    servicer.set("down", NOT_SERVING)
    return servicer


@pytest.fixture
def serve(lab, health):
    """Starts servers that end with the test."""

    def start(servicer=health, **options):
        server = HealthServer(servicer, **options)
        lab.on_close(server.stop)
        return server

    return start


class HostileHealth(Health):
    def Check(self, request, context):
        context.abort(grpc.StatusCode.INTERNAL, "\x1b[2Jgone\nstatus: SERVING")


# What the server answers


def test_a_servers_words_cannot_move_the_terminal(serve):
    code, out = probe("-addr", serve(HostileHealth()).address)
    assert code == 3
    assert "\x1b" not in out and out.count("\n") == 1, out
    assert "gone" in out


def test_serving(serve):
    assert probe("-addr", serve().address) == (0, "status: SERVING\n")


@pytest.mark.parametrize(
    "service, status, words",
    [
        ("up", 0, "status: SERVING"),
        ("down", 4, 'service unhealthy (responded with "NOT_SERVING")'),
        ("missing", 3, "error: health rpc failed: rpc error: code = NotFound desc = "),
    ],
)
def test_services(serve, service, status, words):
    code, out = probe(f"-addr={serve().address}", f"-service={service}")
    assert (code, out.startswith(words), out.count("\n")) == (status, True, 1), out


def test_no_health_service(serve):
    code, out = probe("-addr", serve(None).address)
    assert code == 3
    words = "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)"
    assert out.startswith(words), out


def test_a_slow_answer(serve, health):
    address = serve().address
    health.may_answer.clear()
    code, out = probe("-addr", address, "-rpc-timeout", "300ms")
    assert (code, out) == (3, "timeout: health rpc did not complete within 300ms\n")


def test_our_own_greeter(lab):
    port = free_port()
    command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{port}", "--name", "greeter-1"]
    lab.child(Child("greeter", command, lab.path("greeter.log")))
    # The first probe finds nobody there: it tries again for as long as it may.
    assert probe(f"-addr=:{port}", "-connect-timeout=20s") == (0, "status: SERVING\n")
    assert probe(f"-addr=:{port}", "-service=helloworld.Greeter")[0] == 0


# Whom it reaches, and how


@pytest.mark.parametrize("dashes", ["-", "--"])
@pytest.mark.parametrize("host", ["", "localhost", HOST, "dns:///localhost", "passthrough:///"])
def test_addresses(serve, dashes, host):
    port = serve().address.rsplit(":", 1)[1]
    assert probe(f"{dashes}addr={host}:{port}")[0] == 0


@pytest.mark.parametrize("host", ["", "localhost", "[::1]"])
def test_servers_on_ipv6(serve, host):
    server = serve(address="[::1]:0")
    assert probe(f"-addr={host}:{server.address.rsplit(':', 1)[1]}")[0] == 0


@pytest.mark.parametrize("scheme", ["unix:", "unix://"])
def test_unix_sockets(serve, lab, scheme):
    path = lab.path("health.sock")
    serve(address=f"unix:{path}")
    assert probe("-addr", scheme + path) == (0, "status: SERVING\n")


def test_headers_and_user_agent(serve, health):
    headers = ["-rpc-header", "Foo: bar", "-rpc-header=foo:baz", "-rpc-header", "x-raw-bin: a"]
    assert probe("-addr", serve().address, *headers, "-user-agent", "kubelet/1.33")[0] == 0
    asked = [(key, value) for key, value in health.asked[0] if key in ("foo", "x-raw-bin")]
    assert asked == [("foo", "bar"), ("foo", "baz"), ("x-raw-bin", b"a")]
    assert ("user-agent", "kubelet/1.33") in health.asked[0]


def test_default_user_agent(serve, health):
    assert probe("-addr", serve().address)[0] == 0
    assert ("user-agent", "grpc_health_probe") in health.asked[0]


def test_gzip(serve):
    assert probe("-addr", serve().address, "-gzip", "-service=up") == (0, "status: SERVING\n")


def test_verbose(serve):
    code, out = probe("-addr", serve().address, "-v")
    assert code == 0
    for words in (
        "parsed options:",
        "conn_timeout=1s rpc_timeout=1s",
        "> tls=false",
        "establishing connection",
        "connection established (took ",
        "time elapsed: connect=",
        "status: SERVING",
    ):
        assert words in out


def test_by_the_name_of_the_other_program(serve, lab):
    """A pod's YAML need not change: a link is enough."""
    path = lab.path("grpc_health_probe")
    os.symlink(fairlead_binary(), path)
    assert probe("-addr", serve().address, command=[path]) == (0, "status: SERVING\n")
    assert probe(command=[path])[0] == 1


# Connections that do not come to be


def test_closed_port():
    port = free_port()
    code, out = probe(f"-addr=:{port}", "-connect-timeout", "300ms")
    assert code == 2
    words = f'timeout: failed to connect service ":{port}" within 300ms: connection refused\n'
    assert out == words


def test_no_socket(lab):
    code, out = probe("-addr", "unix:" + lab.path("none.sock"), "-connect-timeout", "200ms")
    assert code == 2 and "failed to connect" in out and "no such file" in out


def test_unknown_name():
    code, out = probe("-addr=nobody.invalid:80", "-connect-timeout", "500ms")
    assert code == 2 and "failed to connect" in out


def test_black_hole():
    """The kernel takes the connection, and nobody ever reads it."""
    with tcp_server(lambda connection: None) as address:
        code, out = probe("-addr", address, "-connect-timeout", "300ms")
    assert code == 2
    assert out.startswith(f'timeout: failed to connect service "{address}" within 300ms'), out


def test_a_server_that_speaks_http1():
    def answer(connection):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with tcp_server(answer) as address:
        code, out = probe("-addr", address)
    assert code == 2 and "failed to connect" in out and "does not speak HTTP/2" in out


def test_a_server_that_hangs_up():
    with tcp_server(lambda connection: connection.close()) as address:
        code, out = probe("-addr", address, "-connect-timeout", "300ms")
    assert code == 2 and "failed to connect" in out


def test_a_server_that_comes_late(serve):
    """Within the time to connect it is tried again: what init containers rely on."""
    port = free_port()
    command = [fairlead_binary(), "probe", f"-addr={HOST}:{port}", "-connect-timeout=15s"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as early:
        with contextlib.suppress(subprocess.TimeoutExpired):
            early.wait(timeout=0.3)
        serve(address=f"{HOST}:{port}")
        assert early.wait(timeout=20) == 0


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def identity(authority):
    return authority.issue("server", "DNS:greeter.test", f"IP:{HOST}")


def credentials(identity, clients=None):
    certificate, key = identity
    pair = (key.read_bytes(), certificate.read_bytes())
    if not clients:
        return grpc.ssl_server_credentials([pair])
    roots = clients.certificate.read_bytes()
    return grpc.ssl_server_credentials([pair], roots, require_client_auth=True)


@pytest.fixture
def tls_server(serve, identity):
    return serve(credentials=credentials(identity))


@pytest.mark.parametrize("name", [[], ["-tls-server-name", "greeter.test"]])
def test_tls(tls_server, authority, name):
    ca = ["-tls-ca-cert", authority.certificate]
    assert probe("-addr", tls_server.address, "-tls", *ca, *name) == (0, "status: SERVING\n")


def test_tls_without_verification(tls_server):
    assert probe("-addr", tls_server.address, "-tls", "-tls-no-verify")[0] == 0


@pytest.mark.parametrize("files", ["none", "other"])
def test_unknown_authority(tls_server, lab, files):
    ca = ["-tls-ca-cert", Authority(lab.path("other"), "other").certificate]
    code, out = probe("-addr", tls_server.address, "-tls", *(ca if files == "other" else []))
    assert code == 2 and "failed to connect" in out and "-tls-ca-cert" in out


@pytest.mark.parametrize("subject", ["DNS:greeter.test", f"IP:{HOST}"])
def test_wrong_name(serve, authority, subject):
    server = serve(credentials=credentials(authority.issue("named", subject)))
    ca = ["-tls-ca-cert", authority.certificate, "-tls-server-name", "other.test"]
    code, out = probe("-addr", server.address, "-tls", *ca)
    assert code == 2 and "failed to connect" in out and "-tls-server-name" in out


def test_plaintext_to_a_tls_server(tls_server):
    code, out = probe("-addr", tls_server.address, "-connect-timeout", "300ms")
    assert code == 2 and "failed to connect" in out and "-tls" in out


def test_tls_to_a_plaintext_server(serve):
    code, out = probe("-addr", serve().address, "-tls", "-connect-timeout", "300ms")
    assert code == 2 and "failed to connect" in out


def test_mutual_tls(serve, authority, identity, lab):
    server = serve(credentials=credentials(identity, clients=authority))
    ca = ["-addr", server.address, "-tls", "-tls-ca-cert", authority.certificate]
    certificate, key = authority.issue("prober")
    ours = ["-tls-client-cert", certificate, "-tls-client-key", key]
    assert probe(*ca, *ours) == (0, "status: SERVING\n")
    code, out = probe(*ca)
    assert code == 2 and "failed to connect" in out and "-tls-client-cert" in out
    stranger, key = Authority(lab.path("other"), "other").issue("stranger")
    code, out = probe(*ca, "-tls-client-cert", stranger, "-tls-client-key", key)
    assert code == 2 and "failed to connect" in out


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_files_that_cannot_be_used(lab, content):
    path = lab.folder / "ca.pem"
    if content:
        path.write_text(content)
    code, out = probe("-addr=:1", "-tls", "-tls-ca-cert", path)
    assert code == 1 and out.startswith("failed to initialize tls credentials. error=")
    assert str(path) in out and out.count("\n") == 1


# Arguments


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], "error: -addr not specified"),
        (["-addr=:1", "-no-such-flag"], "error: flag provided but not defined: -no-such-flag"),
        (["-addr=:1", "-rpc-timeout", "-1s"], "error: -rpc-timeout must be greater than zero"),
        (["-addr=:1", "-tls-no-verify"], "error: specified -tls-no-verify without specifying -tls"),
        (["-addr=:1", "-spiffe"], "error: -spiffe is not supported"),
        (["-addr=8080"], 'error: -addr "8080" is not HOST:PORT'),
    ],
)
def test_wrong_arguments(arguments, words):
    code, out = probe(*arguments)
    assert code == 1 and out.startswith(words) and out.count("\n") == 1


def test_switches_as_go_has_them(serve):
    address = serve().address
    assert probe("-addr", address, "-tls=false", "--gzip=F")[0] == 0
    assert probe("-tls=true", "-tls=0", "-addr", address)[0] == 0


@pytest.mark.parametrize("flag", ["-help", "--help", "-h"])
def test_help(flag):
    code, out = probe(flag)
    assert code == 0
    assert all(words in out for words in ("OVERVIEW:", "USAGE: fairlead probe", "-tls-ca-cert"))
    assert max(map(len, out.splitlines())) <= 80


def test_version():
    code, out = probe("-version")
    assert code == 0 and out.strip()


# Watching


@pytest.fixture
def watch(lab):
    def start(*arguments):
        command = [fairlead_binary(), "probe", *arguments, "-watch"]
        return lab.child(Child("watch", command, lab.path("watch.log")))

    return start


def states(child):
    """What it has printed, without the times."""
    return [line.split(" ", 2)[2] for line in child.log().splitlines()]


def shows(child, *wanted):
    child.wait_until(lambda: states(child) == list(wanted), 10, f"it has shown {wanted}")


@pytest.mark.parametrize("last, status", [(NOT_SERVING, 4), (SERVING, 0)])
def test_watch_prints_each_change_and_lives_on(serve, health, watch, last, status):
    server = serve()
    child = watch("-addr", server.address, "-service=later")
    shows(child, "SERVICE_UNKNOWN")
    health.set("later", SERVING)
    shows(child, "SERVICE_UNKNOWN", "SERVING")
    health.set("later", NOT_SERVING)
    shows(child, "SERVICE_UNKNOWN", "SERVING", "NOT_SERVING")
    if last is SERVING:
        health.set("later", last)
        shows(child, "SERVICE_UNKNOWN", "SERVING", "NOT_SERVING", "SERVING")
    child.process.send_signal(signal.SIGINT)
    assert child.wait(within=10) == status


def test_watch_survives_the_server(serve, watch):
    port = free_port()
    server = serve(address=f"{HOST}:{port}")
    child = watch("-addr", server.address, "-connect-timeout=200ms")
    shows(child, "SERVING")
    server.stop()
    child.wait_until(lambda: "unreachable: connection refused" in child.log(), 10, "it is noticed")
    serve(Health(), address=f"{HOST}:{port}")
    child.wait_until(lambda: states(child)[-1] == "SERVING", 10, "it is found again")


def test_watch_until_serving(serve, health, watch):
    health.set("slow", NOT_SERVING)
    child = watch("-addr", serve().address, "-service=slow", "-until=serving", "-within=20s")
    shows(child, "NOT_SERVING")
    health.set("slow", SERVING)
    assert child.wait(within=10) == 0


def test_watch_until_not_serving(serve, health, watch):
    child = watch("-addr", serve().address, "-service=up", "-until", "not-serving")
    shows(child, "SERVING")
    health.set("up", NOT_SERVING)
    assert child.wait(within=10) == 0


def test_watch_waits_no_longer_than_it_was_told(serve):
    goal = ["-watch", "-until=serving", "-within=300ms"]
    code, out = probe("-addr", serve().address, "-service=down", *goal)
    assert code == 4 and "timeout: the status did not become serving within 300ms" in out


def test_watch_without_health_service_ends(serve):
    code, out = probe("-addr", serve(None).address, "-watch")
    assert code == 3 and "no answer: Unimplemented" in out


# The connection ends as it should: no reset, which servers would log.


def test_the_connection_ends_without_reset():
    seen = []

    def relay(connection):
        connection.settimeout(10)
        with socket.create_connection((HOST, int(port)), timeout=10) as backend:
            backend.settimeout(10)
            pump(connection, backend, seen)

    server = HealthServer(Health())
    port = server.address.rsplit(":", 1)[1]
    try:
        with tcp_server(relay) as address:
            assert probe("-addr", address)[0] == 0
            eventually(lambda: seen, 10, "the connection ends")
    finally:
        server.stop()
    assert seen == ["end"]


def pump(client, server, seen):
    """Carries octets both ways until the client's end; `seen` is told whether it was a reset."""
    with contextlib.suppress(OSError):
        while True:
            for ready in select.select([client, server], [], [], 10)[0]:
                try:
                    data = ready.recv(65536)
                except ConnectionResetError:
                    seen.append("reset")
                    return
                if not data and ready is client:
                    seen.append("end")
                    return
                (server if ready is client else client).sendall(data)
