"""A steady load of unary calls on one channel, in a process of its own.

As a program, `python load.py ADDRESS AUTHORITY RATE` calls helloworld.Greeter/SayHello RATE times a
second until its standard input ends, then prints one JSON array: for each call [start, end, text],
in seconds of the machine's monotonic clock; the text is the reply, or `error: CODE details`.
"""

import asyncio
import json
import pathlib
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass

if __name__ != "__main__":
    from harness.processes import eventually


@dataclass
class LoadedCall:
    """One call of a load."""

    start: float
    end: float
    text: str

    @property
    def failed(self):
        return self.text.startswith("error: ")

    @property
    def refused_by_a_stopping_server(self):
        """A grpcio server answers CANCELLED to what reaches it after `stop` and before its GOAWAY is
        out. That answer is the server's own, and the same without a proxy."""
        return self.text == "error: CANCELLED CANCELLED"

    @property
    def pod(self):
        return self.text.rsplit(" ", 1)[-1]


class Load:
    """The load as a context: it runs inside `with`, and `stop` returns the calls."""

    def __init__(self, address, authority, rate):
        command = [sys.executable, pathlib.Path(__file__), address, authority, str(rate)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )

    def __enter__(self):
        # The program says when its first call has been answered.
        assert self.process.stdout.readline() == "running\n", "the load could not start"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends the load; the calls that ran are answered before."""
        output, _ = self.process.communicate(timeout=30)
        return [LoadedCall(*call) for call in json.loads(output)]

    @staticmethod
    def run_for(seconds):
        """Lets the load run on. What is measured is counted in calls, not in time."""
        end = time.monotonic() + seconds
        eventually(lambda: time.monotonic() >= end, seconds + 5)


def pods(calls):
    """How many calls each pod answered."""
    return Counter(call.pod for call in calls)


async def main(address, authority, rate):
    import grpc.aio

    options = [("grpc.default_authority", authority), ("grpc.enable_retries", 0)]
    request = b"\x0a\x05world"
    calls, tasks = [], set()

    async with grpc.aio.insecure_channel(address, options=options) as channel:
        say_hello = channel.unary_unary("/helloworld.Greeter/SayHello")

        async def one():
            start = time.monotonic()
            try:
                text = (await say_hello(request, timeout=10))[2:].decode()
            except grpc.aio.AioRpcError as error:
                text = f"error: {error.code().name} {error.details()}"
            calls.append((start, time.monotonic(), text))

        await one()
        print("running", flush=True)
        ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        begun, started = time.monotonic(), 0
        while not ended.done():
            due = int((time.monotonic() - begun) * rate)
            # After a pause of the machine, catch up in steps instead of all at once.
            for _ in range(min(due - started, rate // 20 + 1)):
                task = asyncio.create_task(one())
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                started += 1
            if due - started > rate:
                started = due
            await asyncio.sleep(0.005)
        await asyncio.gather(*tasks)
    print(json.dumps(calls))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
