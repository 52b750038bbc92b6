"""`fairlead call` as its tests run it, and what it printed."""

import json
import os
import subprocess
import threading

from harness.fairlead import fairlead_binary


def call(*arguments, stdin="", environment=None):
    """Runs the command to its end: status, standard output, standard error."""
    done = subprocess.run(
        [fairlead_binary(), "call", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **(environment or {})},
    )
    return done.returncode, done.stdout, done.stderr


def values(text):
    """The JSON values that follow each other in a text."""
    found, position, decoder = [], 0, json.JSONDecoder()
    while text[position:].strip():
        position += len(text[position:]) - len(text[position:].lstrip())
        value, position = decoder.raw_decode(text, position)
        found.append(value)
    return found


def good(*arguments, **options):
    """The JSON values of a call that goes well."""
    status, output, errors = call(*arguments, **options)
    assert status == 0 and not errors, (status, errors)
    return values(output)


def one_sentence(status, errors, expected_status=1):
    """The sentence of a failure, which is one line, and no trace."""
    lines = errors.strip().splitlines()
    assert status == expected_status, (status, errors)
    if expected_status == 1:
        assert len(lines) == 1, errors
    assert lines[0].startswith(("Error: ", "ERROR: ")), errors
    assert not any(word in errors for word in ("RPCError", "Fatal", "NIO", "GRPC")), errors
    return lines[0]


class Conversation:
    """The command with its standard input and output open."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [fairlead_binary(), "call", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # Whatever goes wrong, no test waits for ever.
        self.watchdog = threading.Timer(30, self.process.kill)
        self.watchdog.start()

    def say(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def hear(self):
        """The next value: lines up to a closing brace."""
        lines = []
        while not lines or lines[-1] not in ("}\n", "{}\n"):
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            lines.append(line)
        return json.loads("".join(lines))

    def end(self):
        status = self.process.wait()
        self.watchdog.cancel()
        return status
