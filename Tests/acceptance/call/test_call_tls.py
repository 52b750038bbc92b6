"""`fairlead call` over TLS."""

import grpc
import pytest

from harness.call_server import CallServer
from harness.certificates import Authority
from harness.fairlead_call import call, good, one_sentence
from harness.processes import HOST

pytestmark = pytest.mark.fairlead_only


def credentials(authority, name, *alternatives, client_authority=None):
    certificate, key = authority.issue(name, *alternatives)
    return grpc.ssl_server_credentials(
        [(key.read_bytes(), certificate.read_bytes())],
        root_certificates=client_authority and client_authority.certificate.read_bytes(),
        require_client_auth=client_authority is not None,
    )


@pytest.fixture(scope="module")
def tls(authority):
    server = CallServer(credentials=credentials(authority, "server", f"IP:{HOST}"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mutual(authority):
    server = CallServer(
        credentials=credentials(authority, "mutual", f"IP:{HOST}", client_authority=authority)
    )
    yield server
    server.stop()


def test_tls(tls, authority):
    trust = ["--cacert", authority.certificate]
    data = ["-d", '{"name": "x"}']
    assert good(*trust, *data, tls.address, "shop.v1.Shop/Find") == [{"name": "found x"}]
    assert good("--insecure", *data, tls.address, "shop.v1.Shop/Find") == [{"name": "found x"}]


def test_the_name_of_the_server(authority):
    server = CallServer(credentials=credentials(authority, "named", "DNS:shop.example"))
    arguments = ["--cacert", authority.certificate, "-d", '{"name": "x"}']
    for name in (["--server-name", "shop.example"], ["--authority", "shop.example"]):
        found = good(*arguments, *name, server.address, "shop.v1.Shop/Find")
        assert found == [{"name": "found x"}]
    for name in ([], ["--server-name", "other.example"]):
        status, _, errors = call(*arguments, *name, server.address, "shop.v1.Shop/Find")
        sentence = one_sentence(status, errors)
        assert "other names" in sentence and "--server-name" in sentence
    server.stop()


def test_wrong_tls(tls, tmp_path):
    other = Authority(tmp_path, "other")
    for arguments in ([], ["--cacert", other.certificate]):
        status, _, errors = call(*arguments, tls.address, "list")
        sentence = one_sentence(status, errors)
        assert "not signed by a trusted authority" in sentence and "--cacert" in sentence
    status, _, errors = call("--cacert", tmp_path / "none", tls.address, "list")
    assert "cannot be read" in one_sentence(status, errors)


def test_plaintext_and_tls_mistaken_for_each_other(server, tls):
    status, _, errors = call(server.address, "list")
    assert "does not speak TLS" in (sentence := one_sentence(status, errors))
    assert "--plaintext" in sentence
    status, _, errors = call("--plaintext", tls.address, "list")
    assert "--plaintext" in one_sentence(status, errors)


def test_mutual_tls(mutual, authority, tmp_path):
    trust = ["--cacert", authority.certificate]
    certificate, key = authority.issue("client")
    identity = ["--cert", certificate, "--key", key]
    assert "shop.v1.Shop" in call(*trust, *identity, mutual.address, "list")[1]
    status, _, errors = call(*trust, mutual.address, "list")
    assert "--cert" in one_sentence(status, errors)
    stranger, key = Authority(tmp_path, "other").issue("stranger")
    status, _, errors = call(*trust, "--cert", stranger, "--key", key, mutual.address, "list")
    assert "client certificate" in one_sentence(status, errors)
