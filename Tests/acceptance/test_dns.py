"""A Service whose endpoints are the addresses of a name, told by a real DNS server."""

import pytest

from harness.dns import DNS
from harness.grpc_calls import Stub, channel
from harness.load import Load, pods
from harness.manifests import service
from harness.processes import eventually, free_port

pytestmark = pytest.mark.fairlead_only

ADDRESSES = ["127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.14"]


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def backends(lab, port):
    return [lab.grpc_backend(address, port=port, host=address) for address in ADDRESSES]


@pytest.fixture
def dns(lab):
    return DNS(lab, ADDRESSES[:3])


@pytest.fixture
def proxy(lab, dns, port, backends):
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo", annotations={"fairlead.dev/target": dns.target(port)}))
    return lab.fairlead(folder)


@pytest.fixture
def stub(proxy):
    with channel(proxy.address, authority="echo:8080") as own:
        yield Stub(own)


def who(stub, count=30):
    """How many calls each of the pods answered."""
    answers = [stub.Who(b"", timeout=5).decode() for _ in range(count)]
    return {name: answers.count(name) for name in set(answers)}


def test_each_address_is_an_endpoint_and_gets_its_share(stub):
    assert who(stub) == {address: 10 for address in ADDRESSES[:3]}


def test_an_address_that_is_new_gets_calls_and_one_that_is_gone_gets_none(dns, stub):
    who(stub)
    dns.change(ADDRESSES[1:])
    wanted = {address: 10 for address in ADDRESSES[1:]}
    eventually(lambda: who(stub) == wanted, 5, "the new address gets its share")


def test_no_call_fails_while_the_server_is_down(proxy, dns, stub):
    who(stub)
    with Load(proxy.address, "echo:8080", 200) as load:
        dns.stop()
        eventually(lambda: "could not be looked up" in proxy.child.log(), 30, "the outage is said")
        load.run_for(3)
        assert 'fairlead_resolver_failing{target="dns:' in proxy.get("/stats/prometheus")[1]
        dns.start(ADDRESSES[:3])
        eventually(lambda: "is resolved again" in proxy.child.log(), 30, "its end is said")
        calls = load.stop()
    assert not [call for call in calls if call.failed]
    assert set(pods(calls)) == set(ADDRESSES[:3])


def test_a_target_that_is_malformed_is_refused_and_the_old_one_stays(proxy, lab, stub):
    who(stub)
    folder = lab.manifests()
    folder.write("echo.yaml", service("echo", annotations={"fairlead.dev/target": "ipv4:nope"}))
    eventually(lambda: "ipv4:nope" in proxy.child.log(), 5, "it is refused")
    assert "the old one stays in force" in proxy.child.log()
    assert set(who(stub)) == set(ADDRESSES[:3])


def test_a_lost_endpoint_makes_its_resolver_look_again(lab, port, backends):
    """The time to live is far longer than the test: only the lost connection makes it look."""
    dns = DNS(lab, ADDRESSES[:2], ttl=300)
    folder = lab.manifests("long")
    folder.write("echo.yaml", service("echo", annotations={"fairlead.dev/target": dns.target(port)}))
    proxy = lab.fairlead(folder)
    with channel(proxy.address, authority="echo:8080") as own:
        stub = Stub(own)
        assert set(who(stub)) == set(ADDRESSES[:2])
        dns.change(ADDRESSES[1:3])
        backends[0].child.kill()
        eventually(lambda: set(who(stub)) == set(ADDRESSES[1:3]), 10, "the new address gets calls")
