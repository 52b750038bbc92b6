"""A grpcio server with methods for every kind of call: `python grpc_server.py PORT NAME`.

The methods take and give plain octets, so no generated code is needed. `acceptance.Echo` is what the
suites call through a proxy, `acceptance.Control` is what they ask the server itself, past the proxy.
SIGTERM stops it as a well-behaved pod stops: no new calls, running ones finish.
"""

import argparse
import base64
import hashlib
import json
import os
import signal
import struct
import sys
import threading
import time
from collections import Counter
from concurrent import futures

import grpc

OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_metadata_size", 64 * 1024),
    ("grpc.absolute_max_metadata_size", 128 * 1024),
    ("grpc.so_reuseport", 0),
    ("grpc.http2.min_ping_interval_without_data_ms", 1000),
]


def as_text(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def pattern(index, size):
    """The content of a streamed message: known to both sides, different for each index."""
    return (struct.pack(">Q", index) * (size // 8 + 1))[:size]


class Server:
    """The state that the methods share."""

    def __init__(self, name):
        self.name = name
        self.calls = Counter()
        self.events = []
        self.lock = threading.Lock()
        self.release = threading.Event()

    def note(self, kind, **details):
        with self.lock:
            self.events.append({"kind": kind, **details})

    def methods(self):
        unary, server_stream = (
            grpc.unary_unary_rpc_method_handler,
            grpc.unary_stream_rpc_method_handler,
        )
        client_stream, bidi = (
            grpc.stream_unary_rpc_method_handler,
            grpc.stream_stream_rpc_method_handler,
        )
        echo = {
            "Unary": unary(self.unary),
            "Metadata": unary(self.metadata),
            "Fail": unary(self.fail),
            "Who": unary(self.who),
            "Hang": unary(self.hang),
            "Send": server_stream(self.send),
            "FailAfter": server_stream(self.fail_after),
            "Watch": server_stream(self.watch),
            "Digest": client_stream(self.digest),
            "ReadSlowly": client_stream(self.read_slowly),
            "AnswerEarly": client_stream(self.answer_early),
            "Each": bidi(self.each),
            "CountThenSend": bidi(self.count_then_send),
        }
        control = {"Events": unary(self.report), "Release": unary(self.let_go)}
        return [
            grpc.method_handlers_generic_handler("acceptance.Echo", echo),
            grpc.method_handlers_generic_handler("acceptance.Control", control),
            grpc.method_handlers_generic_handler(
                "helloworld.Greeter",
                {
                    "SayHello": unary(self.hello),
                    "SayHelloStreamReply": server_stream(self.hello_again),
                },
            ),
        ]

    # acceptance.Control

    def report(self, _request, _context):
        with self.lock:
            return json.dumps({"calls": self.calls, "events": self.events}).encode()

    def let_go(self, _request, _context):
        self.release.set()
        return b""

    # One request, one response

    def count(self, method):
        with self.lock:
            self.calls[method] += 1

    def unary(self, request, _context):
        self.count("Unary")
        return request

    def who(self, _request, _context):
        self.count("Who")
        return self.name.encode()

    def hello(self, request, _context):
        """helloworld.Greeter/SayHello, its two messages coded by hand: field 1 is a string."""
        self.count("SayHello")
        return self.greeting(request)

    def hello_again(self, request, _context):
        """helloworld.Greeter/SayHelloStreamReply: ten greetings in half a second."""
        self.count("SayHelloStreamReply")
        for _ in range(10):
            yield self.greeting(request)
            time.sleep(0.05)

    def greeting(self, request):
        text = b"Hello " + request[2:] + b" from " + self.name.encode()
        return b"\x0a" + bytes([len(text)]) + text

    def metadata(self, request, context):
        """Gives back what it was sent, as initial metadata, as trailing metadata and in the body."""
        sent = [(key, value) for key, value in context.invocation_metadata()]
        own = [(key, value) for key, value in sent if key.startswith("x-")]
        context.send_initial_metadata([("initial-" + key, value) for key, value in own])
        context.set_trailing_metadata([("trailing-" + key, value) for key, value in own])
        return json.dumps([[key, as_text(value)] for key, value in sent]).encode()

    def fail(self, request, context):
        """Ends with the status that the request describes. Without `head` it is Trailers-Only."""
        wish = json.loads(request)
        if wish.get("head"):
            context.send_initial_metadata([("x-head", "sent")])
        trailing = [(key, value) for key, value in wish.get("trailing", [])]
        if "details" in wish:
            trailing.append(("grpc-status-details-bin", base64.b64decode(wish["details"])))
        context.set_trailing_metadata(trailing)
        code = next(code for code in grpc.StatusCode if code.value[0] == wish["code"])
        context.abort(code, wish["message"])

    def hang(self, _request, context):
        """Never answers; notes the deadline that it was given and how the call ended."""
        left = context.time_remaining()
        self.note("hang", time_remaining=left)
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait(20)
        self.note("hang ended")
        return b""

    # Streams

    def send(self, request, _context):
        """Sends COUNT messages of SIZE octets; the request is both as JSON. Notes how many went out."""
        wish = json.loads(request)
        index = 0
        try:
            for index in range(wish["count"]):
                yield pattern(index, wish["size"])
        finally:
            self.note("send ended", messages=index)

    def fail_after(self, request, context):
        wish = json.loads(request)
        for index in range(wish["count"]):
            yield pattern(index, wish["size"])
        context.set_trailing_metadata([("x-after", str(wish["count"]))])
        context.abort(grpc.StatusCode.DATA_LOSS, "stopped after the messages")

    def watch(self, request, context):
        """Sends its name, then its name again each time it is let go, until the client goes away."""
        self.count("Watch")
        ended = threading.Event()
        context.add_callback(ended.set)
        context.add_callback(lambda: self.note("watch ended", id=request.decode()))
        self.note("watch", id=request.decode())
        yield self.name.encode()
        while not ended.wait(0.02):
            if self.release.is_set():
                yield b"released " + self.name.encode()
                return

    def digest(self, requests, _context):
        hashed, count, size = hashlib.sha256(), 0, 0
        for request in requests:
            hashed.update(struct.pack(">Q", len(request)) + request)
            count, size = count + 1, size + len(request)
        return json.dumps({"count": count, "size": size, "digest": hashed.hexdigest()}).encode()

    def read_slowly(self, requests, context):
        """Reads one message a second for as many seconds as the metadata say, then answers."""
        seconds = int(dict(context.invocation_metadata())["x-seconds"])
        end = time.monotonic() + seconds
        count = 0
        for _ in requests:
            count += 1
            if time.monotonic() >= end:
                break
            time.sleep(1)
        return str(count).encode()

    def answer_early(self, requests, _context):
        """Answers after the first message, while the client could still send."""
        return next(requests)

    def each(self, requests, _context):
        self.count("Each")
        for request in requests:
            yield request

    def count_then_send(self, requests, _context):
        """Answers only when the client has closed its half."""
        count = sum(1 for _ in requests)
        for index in range(count):
            yield pattern(index, 10)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("name")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--max-streams", type=int)
    parser.add_argument("--max-connection-age-ms", type=int)
    arguments = parser.parse_args()

    state = Server(arguments.name)
    options = list(OPTIONS)
    if arguments.max_streams:
        options.append(("grpc.max_concurrent_streams", arguments.max_streams))
    if arguments.max_connection_age_ms:
        options.append(("grpc.max_connection_age_ms", arguments.max_connection_age_ms))
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=256), options=options, compression=None
    )
    server.add_generic_rpc_handlers(state.methods())
    if server.add_insecure_port(f"{arguments.host}:{arguments.port}") != arguments.port:
        sys.exit(f"port {arguments.port} is taken")
    server.start()

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    print("serving", flush=True)
    stopping.wait()
    server.stop(grace=10).wait()
    os._exit(0)


if __name__ == "__main__":
    main()
