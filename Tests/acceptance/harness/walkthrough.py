"""Runs the commands of a document, as a reader would type them.

A block that begins with ```console holds commands, each after `$ `, and what they print. All blocks of a
document run in one shell, in the repository's root, with `fairlead` on the path and a loopback of their own.
In the expected output a line `…` stands for any number of lines.
"""

import os
import pathlib
import queue
import re
import signal
import subprocess
import threading
import time

from harness.fairlead import REPOSITORY, fairlead_binary

# What differs from run to run: times of day, lengths of time, temporary folders.
VARIES = [
    (re.compile(r"\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?"), "TIME"),
    (re.compile(r"\b\d+(\.\d+)? ?(ns|µs|us|ms|s)\b"), "SPAN"),
    (re.compile(r"\b\d\d:\d\d:\d\d(\.\d+)?\b"), "TIME"),
    (re.compile(r"/tmp/tmp\.\w+"), "FOLDER"),
]
# A document says what else does: <!-- varies: PATTERN -->
DECLARED = re.compile(r"<!-- varies: (.*?) -->")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Command:
    """One command of a document, and what it is said to print."""

    def __init__(self, text, expected):
        self.text = text
        self.expected = expected

    @property
    def stays(self):
        """Whether it goes on in the background."""
        return self.text.rstrip().endswith("&")


def commands(text):
    """The commands of a document, in order."""
    found = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Command(line[2:], []))
            elif line.startswith("> ") and found and not found[-1].expected:
                found[-1].text += "\n" + line[2:]
            else:
                found[-1].expected.append(line)
    return found


def patterns(text):
    """What differs from run to run, for this document."""
    return VARIES + [(re.compile(each), "ANY") for each in DECLARED.findall(text)]


def masked(lines, varies):
    """Lines without what differs from run to run, and without the spaces that columns are set with."""
    result = []
    for line in lines:
        for pattern, word in varies:
            line = pattern.sub(word, line)
        result.append(re.sub(r"\s+", " ", line).strip())
    return [line for line in result if line]


def matches(expected, actual):
    """Whether `actual` is `expected`, in which `…` stands for any number of lines."""
    if not expected:
        return not actual
    if expected[0] == "…":
        return any(matches(expected[1:], actual[start:]) for start in range(len(actual) + 1))
    return bool(actual) and actual[0] == expected[0] and matches(expected[1:], actual[1:])


def has_own_loopback():
    """Whether this machine lets us have one, so that the ports of a document are free."""
    command = ["unshare", "--user", "--map-root-user", "--net", "ip", "link", "set", "lo", "up"]
    try:
        return subprocess.run(command, capture_output=True, timeout=10).returncode == 0
    except OSError:
        return False


class Shell:
    """A shell that runs one command after the other, on a loopback of its own."""

    END = "-- end of command"

    def __init__(self):
        folder = str(pathlib.Path(fairlead_binary()).resolve().parent)
        self.process = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--net", "bash", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
            env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}:/usr/sbin"},
            start_new_session=True,
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.run(Command("ip link set lo up", []), 10)

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def run(self, command, within):
        """What a command prints; one that stays in the background, until it has printed what it should."""
        deadline = time.monotonic() + within
        self.process.stdin.write(f"{command.text}\necho '{self.END}'\n")
        self.process.stdin.flush()
        lines = []
        has_ended = False
        wanted = sum(line != "…" and bool(line.strip()) for line in command.expected)
        while not has_ended or (command.stays and len(lines) < wanted):
            try:
                line = self._lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"$ {command.text}\ndid not end; it printed {lines}") from None
            if line == self.END:
                has_ended = True
            else:
                lines.append(line)
        return lines

    def close(self):
        """Ends the shell and all that runs in it: its group, as it has no job control."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
