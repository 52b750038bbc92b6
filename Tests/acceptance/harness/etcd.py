"""A real etcd server, moved through its JSON gateway."""

import base64
import json
import shutil
import urllib.error
import urllib.request

from harness.processes import HOST, Child, free_port


class Etcd:
    """One member that is a cluster. Its keys outlive `kill` and `start`."""

    installed = shutil.which("etcd") is not None

    def __init__(self, lab):
        self._lab = lab
        self._starts = 0
        self._data = lab.path("etcd-data")
        self.port = free_port()
        self._peer_port = free_port()
        self.child = None

    @property
    def address(self):
        return f"{HOST}:{self.port}"

    def start(self):
        """Starts it and waits until it answers."""
        self._starts += 1
        client, peer = f"http://{self.address}", f"http://{HOST}:{self._peer_port}"
        command = ["etcd", "--data-dir", self._data]
        command += ["--listen-client-urls", client, "--advertise-client-urls", client]
        command += ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
        command += ["--initial-cluster", f"default={peer}", "--log-level", "error"]
        log = self._lab.path(f"etcd-{self._starts}.log")
        self.child = self._lab.child(Child("etcd", command, log))
        self.child.wait_until(self._answers, within=20, what="it answers")
        return self

    def kill(self):
        self.child.kill()

    def forget(self):
        """Loses all keys; to be called while it does not run."""
        shutil.rmtree(self._data)

    def _answers(self):
        try:
            self.keys("x")
            return True
        except (OSError, urllib.error.HTTPError):
            return False

    def _call(self, method, body):
        request = urllib.request.Request(
            f"http://{self.address}/v3/{method}",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.load(response)

    def keys(self, prefix):
        """Keys and values under a prefix."""
        body = {"key": _encode(prefix), "range_end": _encode(_after(prefix))}
        pairs = self._call("kv/range", body).get("kvs", [])
        return {_decode(pair["key"]): _decode(pair["value"]) for pair in pairs}

    def put(self, key, value):
        answer = self._call("kv/put", {"key": _encode(key), "value": _encode(value)})
        return int(answer["header"]["revision"])

    def delete(self, prefix):
        body = {"key": _encode(prefix), "range_end": _encode(_after(prefix))}
        self._call("kv/deleterange", body)

    def compact(self, revision):
        """Forgets everything older than a revision."""
        self._call("kv/compaction", {"revision": str(revision), "physical": True})


def _after(prefix):
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _encode(text):
    return base64.b64encode(text.encode()).decode()


def _decode(text):
    return base64.b64decode(text).decode()
