"""The example's client as a process, and what it reports: calls by pod, failures, times."""

import json
import os
import signal

from harness.fairlead import REPOSITORY
from harness.processes import Child


def greeter_client_binary():
    """The release binary: `GREETER_CLIENT`, or what a release build leaves."""
    return os.environ.get("GREETER_CLIENT") or str(REPOSITORY / ".build/release/greeter-client")


class Report:
    """The counts of a client at one moment. Times are seconds since 1970, as `time.time()` has them."""

    def __init__(self, values):
        self.began = values["began"]
        self.at = values["at"]
        self.calls = values["calls"]
        self.failures = values["failures"]
        self.failed = values["failed"]
        self.endpoints = values["endpoints"]
        self._pods = {pod["pod"]: pod for pod in values["pods"]}

    @property
    def by_pod(self):
        """Calls that ended well."""
        return {name: pod["calls"] for name, pod in self._pods.items() if pod["calls"]}

    def has(self, *names):
        """Whether each of them has sent something."""
        return all(self._pods.get(name, {}).get("first") for name in names)

    def first(self, name):
        """When the first message of a pod came."""
        return self._pods[name]["first"]

    def last(self, name):
        """When the last message of a pod came."""
        return self._pods[name]["last"]

    def failures_by_status(self):
        found = {}
        for failure in self.failures:
            text = f"{failure['status']}: {failure['message']}"
            found[text] = found.get(text, 0) + 1
        return found


class GreeterClient:
    """`greeter-client --json`."""

    def __init__(self, lab, target, *arguments, name="greeter-client", env=None):
        command = [greeter_client_binary(), target, "--json", *arguments]
        log = lab.path(f"{name}-{len(os.listdir(lab.folder))}.log")
        self.child = lab.child(Child(name, command, log, env=env))

    def reports(self):
        """One a second, and one at the end."""
        lines = self.child.log().split("\n")[:-1]
        return [Report(json.loads(line)) for line in lines if line.startswith("{")]

    def wait_for(self, condition, within, what):
        """The first report that fulfils the condition."""

        def found():
            return next((report for report in self.reports() if condition(report)), None)

        self.child.wait_until(found, within, what)
        return found()

    def end(self, within=30):
        """The last report, after the calls of its plan."""
        self.child.wait(within)
        reports = self.reports()
        assert reports, f"it reported nothing:\n{self.child.log()[-3000:]}"
        return reports[-1]

    def stop(self, within=30):
        """Lets it begin no more calls; the last report, when those that run have ended."""
        self.child.process.send_signal(signal.SIGINT)
        return self.end(within)
