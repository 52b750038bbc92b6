"""A stand-in for the Kubernetes API server: list and watch as a real one answers them, and the faults of one.

In a test it is a context of the test's process. As a program, `python kubernetes_api.py PORT SERVICES PODS`
serves that many Services with that many pods each, and moves one endpoint for each line on its standard
input, which it answers with the time of the event on the machine's monotonic clock.
"""

import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"
TOKEN = "secret"

GROUPS = {
    "Service": ("/api/v1", "services"),
    "Pod": ("/api/v1", "pods"),
    "EndpointSlice": ("/apis/discovery.k8s.io/v1", "endpointslices"),
    "VirtualService": ("/apis/networking.istio.io/v1", "virtualservices"),
    "DestinationRule": ("/apis/networking.istio.io/v1", "destinationrules"),
    "ServiceEntry": ("/apis/networking.istio.io/v1", "serviceentries"),
}
KINDS = {path + "/" + plural: kind for kind, (path, plural) in GROUPS.items()}


def key(item):
    return item["metadata"].get("namespace", "default"), item["metadata"]["name"]


class Kind:
    """All objects of one kind, and every event since the last compaction."""

    def __init__(self):
        self.objects = {}
        self.events = []


class KubernetesAPI:
    """The state, and the server in front of it. All methods may be called from any thread."""

    def __init__(self, port=0, token=TOKEN, with_istio=True, certificate=None):
        """`certificate` is a pair of files, certificate and key; without it there is no TLS."""
        self.token = token
        self._certificate = certificate
        self.forbidden = set()
        self.requests = []
        self.kinds = {
            kind: Kind() for kind, (path, _) in GROUPS.items() if with_istio or "istio" not in path
        }
        self._revision = 100
        self._oldest = 0
        self._changed = threading.Condition()
        self._epoch = 0
        self._server = None
        self.port = port
        self.start()

    # The objects

    def put(self, *items):
        """Adds objects, or puts them in the place of those with their names."""
        with self._changed:
            for item in items:
                store = self.kinds[item["kind"]]
                name = "MODIFIED" if key(item) in store.objects else "ADDED"
                self._record(item["kind"], name, item)
                store.objects[key(item)] = item
            self._changed.notify_all()

    def delete(self, kind, name, namespace="default"):
        with self._changed:
            item = self.kinds[kind].objects.pop((namespace, name))
            self._record(kind, "DELETED", item)
            self._changed.notify_all()

    def _record(self, kind, name, item):
        self._revision += 1
        item["metadata"].setdefault("namespace", "default")
        item["metadata"]["resourceVersion"] = str(self._revision)
        self.kinds[kind].events.append((self._revision, name, json.dumps(item)))

    def compact(self):
        """Forgets all events: who asks for older ones is told 410, and so are the watches that run."""
        with self._changed:
            self._revision += 1
            self._oldest = self._revision
            for kind in self.kinds.values():
                kind.events = []
            self._changed.notify_all()

    # The server

    def start(self):
        api = self

        class Handler(_Handler):
            pass

        Handler.api = api
        server = ThreadingHTTPServer((HOST, self.port), Handler, bind_and_activate=False)
        server.allow_reuse_address = True
        server.daemon_threads = True
        server.block_on_close = False
        server.server_bind()
        server.server_activate()
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        """As if it were killed: no new connections, and those that are open end."""
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()
        self.cut()

    def cut(self):
        """Ends every watch at once, without a last chunk."""
        with self._changed:
            self._epoch += 1
            self._changed.notify_all()

    @property
    def running(self):
        return self._server is not None

    def kubeconfig(self, path, token=None, authority=None):
        """Writes what a client of it needs; `authority` is a file with the CA."""
        return kubeconfig(self.port, path, token or self.token, bool(self._certificate), authority)

    # Answers

    def list(self, kind, namespace, selects, limit, offset):
        """A page of the objects, the revision, and where the next page begins."""
        with self._changed:
            items = sorted(self.kinds[kind].objects.items())
            items = [i for k, i in items if namespace in (None, k[0]) and selects(i)]
            end = offset + limit if limit else len(items)
            return items[offset:end], self._revision, end if end < len(items) else None

    def follow(self, kind, since, namespace, selects, seconds):
        """Yields lines of a watch: events after a revision, and a bookmark each second."""
        deadline = time.monotonic() + seconds
        with self._changed:
            epoch = self._epoch
            position = 0
            events = self.kinds[kind].events
            while True:
                if epoch != self._epoch:
                    raise ConnectionAbortedError
                if events is not self.kinds[kind].events or since < self._oldest:
                    yield json.dumps({"type": "ERROR", "object": status(410, "Expired", "too old")})
                    return
                batch = events[position:]
                position += len(batch)
                lines = []
                for revision, name, text in batch:
                    item = json.loads(text)
                    if revision > since and namespace in (None, key(item)[0]) and selects(item):
                        lines.append('{"type":"%s","object":%s}' % (name, text))
                if lines:
                    yield "\n".join(lines)
                    continue
                if time.monotonic() > deadline:
                    return
                if not self._changed.wait(1.0):
                    bookmark = {"metadata": {"resourceVersion": str(self._revision)}, "kind": kind}
                    yield json.dumps({"type": "BOOKMARK", "object": bookmark})


def kubeconfig(port, path, token=TOKEN, with_tls=False, authority=None):
    """Writes what a client of the API on this port needs; its path as text."""
    cluster = {"server": f"http{'s' if with_tls else ''}://{HOST}:{port}"}
    if authority:
        cluster["certificate-authority"] = str(authority)
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": "test", "user": {"token": token}}],
    }
    with open(path, "w", encoding="ascii") as file:
        json.dump(config, file)
    return str(path)


def status(code, reason, message):
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self.api.requests.append(self.path)
        if self.headers.get("authorization") != f"Bearer {self.api.token}":
            return self.refuse(401, "Unauthorized", "Unauthorized")
        path, namespace, name = self.resource(url.path)
        kind = KINDS.get(path)
        if kind not in self.api.kinds:
            return self.answer(404, b"404 page not found\n", "text/plain; charset=utf-8")
        if kind in self.api.forbidden:
            what = f'{GROUPS[kind][1]} is forbidden: User "test" cannot list resource'
            return self.refuse(403, "Forbidden", what)
        if name:
            return self.answer_object(kind, namespace, name)
        selects = selector(query)
        if query.get("watch") in ("true", "1"):
            return self.answer_watch(kind, namespace, selects, query)
        return self.answer_list(kind, namespace, selects, query)

    @staticmethod
    def resource(path):
        """The path without its namespace, the namespace, and the object's name."""
        parts = path.strip("/").split("/")
        head = 2 if parts[0] == "api" else 3
        namespace = None
        if parts[head : head + 1] == ["namespaces"]:
            namespace = parts[head + 1]
            del parts[head : head + 2]
        name = parts[head + 1] if len(parts) > head + 1 else None
        return "/" + "/".join(parts[: head + 1]), namespace, name

    def answer_object(self, kind, namespace, name):
        item = self.api.kinds[kind].objects.get((namespace, name))
        if item is None:
            return self.refuse(404, "NotFound", f'{GROUPS[kind][1]} "{name}" not found')
        return self.answer(200, json.dumps(item).encode())

    def answer_list(self, kind, namespace, selects, query):
        offset = int(query.get("continue", "0"))
        # What a server has at hand it sends whole.
        limit = 0 if query.get("resourceVersion") == "0" else int(query.get("limit", "0"))
        items, revision, rest = self.api.list(kind, namespace, selects, limit, offset)
        metadata = {"resourceVersion": str(revision)}
        if rest:
            metadata["continue"] = str(rest)
        group, _ = GROUPS[kind]
        version = group.removeprefix("/apis/").removeprefix("/api/")
        body = {"kind": kind + "List", "apiVersion": version, "metadata": metadata, "items": items}
        return self.answer(200, json.dumps(body).encode())

    def answer_watch(self, kind, namespace, selects, query):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        seconds = float(query.get("timeoutSeconds", "300"))
        since = int(query.get("resourceVersion", "0"))
        try:
            for line in self.api.follow(kind, since, namespace, selects, seconds):
                data = line.encode() + b"\n"
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True

    def refuse(self, code, reason, message):
        self.answer(code, json.dumps(status(code, reason, message)).encode())

    def answer(self, code, body, content_type="application/json"):
        self.send_response(code)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if not self.api.running:
            self.close_connection = True


def selector(query):
    """Whether an object has the labels, and the name, that a query asks for."""
    labels = [pair.split("=", 1) for pair in query.get("labelSelector", "").split(",") if pair]
    fields = [pair.split("=", 1) for pair in query.get("fieldSelector", "").split(",") if pair]
    for name, _ in fields:
        assert name == "metadata.name", f"the stand-in does not know the field {name}"

    def selects(item):
        own = item["metadata"].get("labels", {})
        has_labels = all(own.get(name) == value for name, value in labels)
        return has_labels and all(item["metadata"]["name"] == value for _, value in fields)

    return selects


# Objects as they come from a real server, without what nobody reads


def service(name, port=8080, target_port="serve", namespace="default", annotations=None):
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations or {}},
        "spec": {
            "selector": {"app": name},
            "ports": [{"name": "grpc", "port": port, "targetPort": target_port, "protocol": "TCP"}],
            "clusterIP": "10.0.0.1",
            "type": "ClusterIP",
        },
    }


def pod(name, address, app, version="v1", namespace="default"):
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"app": app, "version": version},
        },
        "spec": {"containers": [{"name": "server", "image": "server:1"}]},
        "status": {"phase": "Running", "podIP": address},
    }


def endpoint(name, address, ready=True, serving=True, terminating=False, namespace="default"):
    return {
        "addresses": [address],
        "conditions": {"ready": ready, "serving": serving, "terminating": terminating},
        "targetRef": {"kind": "Pod", "name": name, "namespace": namespace},
        "zone": "zone-a",
    }


def endpoint_slice(name, service_name, port, endpoints, namespace="default"):
    return {
        "kind": "EndpointSlice",
        "apiVersion": "discovery.k8s.io/v1",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"kubernetes.io/service-name": service_name},
        },
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": [{"name": "grpc", "port": port, "protocol": "TCP"}],
    }


def crowd(services, pods):
    """Many Services with many pods each; no two pods have one address."""
    for number in range(services):
        name = f"service-{number}"
        addresses = [f"10.{number // 250}.{number % 250}.{index + 1}" for index in range(pods)]
        names = [f"{name}-{index}" for index in range(pods)]
        yield service(name)
        yield from (pod(p, a, name) for p, a in zip(names, addresses))
        yield endpoint_slice(
            f"{name}-abcde", name, 9000, [endpoint(p, a) for p, a in zip(names, addresses)]
        )


def main():
    port, services, pods = map(int, sys.argv[1:4])
    api = KubernetesAPI(port)
    api.put(*crowd(services, pods))
    print("serving", flush=True)
    for line in sys.stdin:
        # `NUMBER PORT PORT …`: the endpoints of a Service are these on loopback, each a pod of its own.
        number, *ports = line.split()
        name = f"service-{number}"
        slices = [
            endpoint_slice(f"{name}-{index}", name, int(own), [endpoint(f"{name}-{own}", HOST)])
            for index, own in enumerate(ports)
        ]
        old = {
            item["metadata"]["name"]
            for item in api.kinds["EndpointSlice"].objects.values()
            if item["metadata"]["labels"]["kubernetes.io/service-name"] == name
        }
        now = time.monotonic()
        api.put(*slices)
        for each in old - {item["metadata"]["name"] for item in slices}:
            api.delete("EndpointSlice", each)
        print(now, flush=True)


if __name__ == "__main__":
    main()
