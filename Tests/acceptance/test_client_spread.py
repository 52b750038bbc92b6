"""99 calls to one name of three pods: over grpc-swift's own transport, and over ours."""

import pytest

from harness.dns import DNS
from harness.greeter_client import GreeterClient
from harness.hosts import LIBRARY, hosts_environment
from harness.processes import free_port

pytestmark = pytest.mark.fairlead_only

ADDRESSES = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
EVEN = {address: 33 for address in ADDRESSES}


@pytest.fixture
def port(lab):
    """Of three pods, each with an address of its own and named after it."""
    port = free_port()
    for address in ADDRESSES:
        lab.grpc_backend(address, port=port, host=address)
    return port


def call(lab, target, *arguments, env=None):
    report = GreeterClient(lab, target, "--repeat", 99, *arguments, env=env).end()
    assert not report.failures
    return report.by_pod


@pytest.mark.skipif(not LIBRARY, reason="nss_wrapper is not installed (Debian: libnss-wrapper)")
def test_the_built_in_transport_calls_one_pod_only(lab, port):
    env = hosts_environment(lab.path("hosts-for-getaddrinfo"), "greeter.test", ADDRESSES)
    counts = call(lab, f"dns:///greeter.test:{port}", "--transport", "grpc-swift", env=env)
    assert sorted(counts.values()) == [99], (
        f"grpc-swift's own transport spreads calls over the addresses of a name by now ({counts}): "
        "say so in README.md and docs/client.md, where it says the opposite"
    )


def test_ours_gives_each_pod_its_share(lab, port):
    assert call(lab, DNS(lab, ADDRESSES).target(port)) == EVEN


@pytest.mark.parametrize("transport", ["grpc-swift", "fairlead"])
def test_a_list_of_addresses_is_spread_by_both(lab, port, transport):
    listed = ",".join(f"{address}:{port}" for address in ADDRESSES)
    counts = call(lab, f"ipv4:{listed}", "--transport", transport)
    # The built-in transport begins with those that are connected by then.
    assert counts == EVEN if transport == "fairlead" else set(counts) == set(EVEN)


def test_a_stream_is_a_call_like_any_other(lab, port):
    target = DNS(lab, ADDRESSES).target(port)
    report = GreeterClient(lab, target, "--repeat", 9, "--stream").end()
    assert not report.failures
    assert report.by_pod == {address: 3 for address in ADDRESSES}
