"""grpcio channels and multi-callables without generated code, and a call's whole outcome as a value."""

from dataclasses import dataclass

import grpc

LARGE = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_metadata_size", 64 * 1024),
    ("grpc.absolute_max_metadata_size", 128 * 1024),
]


def channel(address, authority=None, **options):
    """A channel with a connection of its own. `authority` is what the proxy routes by."""
    listed = LARGE + [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]
    if authority:
        listed.append(("grpc.default_authority", authority))
    listed += [("grpc." + name, value) for name, value in options.items()]
    return grpc.insecure_channel(address, options=listed)


class Stub:
    """The methods of `acceptance.Echo` on one channel."""

    UNARY = {"Unary", "Metadata", "Fail", "Who", "Hang"}
    SERVER_STREAM = {"Send", "FailAfter", "Watch"}
    CLIENT_STREAM = {"Digest", "ReadSlowly", "AnswerEarly"}

    def __init__(self, own_channel):
        self.channel = own_channel

    def __getattr__(self, name):
        path = f"/acceptance.Echo/{name}"
        if name in self.UNARY:
            return self.channel.unary_unary(path)
        if name in self.SERVER_STREAM:
            return self.channel.unary_stream(path)
        if name in self.CLIENT_STREAM:
            return self.channel.stream_unary(path)
        return self.channel.stream_stream(path)

    def say_hello(self, name="world", timeout=10):
        """helloworld.Greeter/SayHello: the reply's text."""
        call = self.channel.unary_unary("/helloworld.Greeter/SayHello")
        return call(b"\x0a" + bytes([len(name)]) + name.encode(), timeout=timeout)[2:].decode()


@dataclass
class Outcome:
    """Everything that a client can see of a call."""

    messages: list
    initial: list
    trailing: list
    code: grpc.StatusCode
    details: str


def grouped(metadata):
    """Metadata as key → values: gRPC keeps the order of one key's values, not that between keys."""
    result = {}
    for key, value in metadata or ():
        result.setdefault(key, []).append(value)
    return result


def outcome_of_unary(start):
    """`start` gets nothing and returns a future of a call with one response."""
    future = start()
    messages = []
    try:
        messages = [future.result()]
    except grpc.RpcError:
        pass
    return _finish(future, messages)


def outcome_of_stream(call):
    """Reads a response stream to its end."""
    messages = []
    try:
        for message in call:
            messages.append(message)
    except grpc.RpcError:
        pass
    return _finish(call, messages)


def _finish(call, messages):
    return Outcome(
        messages,
        grouped(call.initial_metadata()),
        grouped(call.trailing_metadata()),
        call.code(),
        call.details(),
    )


def failure(action):
    """The `RpcError` that an action ends with."""
    try:
        value = action()
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"the call did not fail but answered {value!r}")
