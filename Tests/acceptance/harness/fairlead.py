"""The proxy under test, as a process."""

import json
import os
import pathlib
import urllib.error
import urllib.request

from harness.processes import HOST, Child, free_port

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def fairlead_binary():
    """The release binary: `FAIRLEAD`, or what a release build leaves."""
    return os.environ.get("FAIRLEAD") or str(REPOSITORY / ".build/release/fairlead")


class Fairlead:
    """`fairlead proxy` on free ports. `bind` lists (service, port) pairs that get a listener each; `under`
    is a command that runs it."""

    def __init__(
        self, paths, log_path, bind=(), workers=2, drain_time="5s", arguments=(), under=()
    ):
        self.port = free_port()
        self.admin_port = free_port()
        self.bound = {pair: free_port() for pair in bind}
        command = [*under, fairlead_binary(), "proxy"]
        for path in paths:
            command += ["-f", path]
        command += ["--listen", f"{HOST}:{self.port}", "--admin", f"{HOST}:{self.admin_port}"]
        for (service, port), own_port in self.bound.items():
            command += ["--bind", f"{service}:{port}={HOST}:{own_port}"]
        command += ["--workers", workers, "--drain-time", drain_time, *arguments]
        self.child = Child("fairlead", command, log_path)

    @property
    def address(self):
        return f"{HOST}:{self.port}"

    @property
    def pid(self):
        return self.child.pid

    def get(self, path):
        """A GET to the admin listener: the status and the body as text."""
        try:
            with urllib.request.urlopen(
                f"http://{HOST}:{self.admin_port}{path}", timeout=5
            ) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def clusters(self):
        return json.loads(self.get("/clusters?format=json")[1])

    def is_ready(self):
        try:
            return self.get("/ready")[0] == 200
        except OSError:
            return False

    def wait_until_ready(self):
        self.child.wait_until(self.is_ready, within=10, what="/ready answers 200")
