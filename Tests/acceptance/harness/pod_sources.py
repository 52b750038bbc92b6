"""Where a client's pods come from: a real DNS server, a real etcd, a stand-in for the Kubernetes API.

Each has a `target` for clients, and `publish` with all pods that there are from now on.
"""

from harness.dns import DNS
from harness.etcd import Etcd
from harness.kubernetes_api import KubernetesAPI, endpoint, endpoint_slice, pod, service

PREFIX = "services/greeter"


class DNSPods:
    """One A record for each pod, which clients may keep for a second."""

    # How long a client may go on with the old answer, in seconds.
    lag = 1

    def __init__(self, lab, port, ttl=1):
        self._dns = DNS(lab, [], ttl=ttl)
        self.target = self._dns.target(port)
        self.env = {}

    def publish(self, pods):
        self._dns.tell([pod.host for pod in pods])


class EtcdPods:
    """A key for each pod, with its address as the value."""

    lag = 0

    def __init__(self, lab, port):
        self._etcd = Etcd(lab).start()
        self._published = {}
        self.target = f"etcd://{self._etcd.address}/{PREFIX}"
        self.env = {}

    def publish(self, pods):
        wanted = {f"{PREFIX}/{pod.address}": pod.address for pod in pods}
        for key in wanted.keys() - self._published.keys():
            self._etcd.put(key, wanted[key])
        for key in self._published.keys() - wanted.keys():
            self._etcd.delete(key)
        self._published = wanted


class KubernetesPods:
    """A Service with one EndpointSlice."""

    lag = 0

    def __init__(self, lab, port):
        self._api = KubernetesAPI()
        lab.on_close(self._api.stop)
        self._port = port
        self._api.put(service("greeter"))
        self.target = "kubernetes:///greeter.default:grpc"
        self.env = {"KUBECONFIG": self._api.kubeconfig(lab.path("kubeconfig"))}

    def publish(self, pods):
        self._api.put(*(pod(each.name, each.host, "greeter") for each in pods))
        endpoints = [endpoint(each.name, each.host) for each in pods]
        self._api.put(endpoint_slice("greeter-abcde", "greeter", self._port, endpoints))


SOURCES = {"dns": DNSPods, "etcd": EtcdPods, "kubernetes": KubernetesPods}
