"""`grpc.testing.TestService` on grpcio, for the tests of the Swift client against another gRPC.

Prints its port, and serves until its standard input ends. It reads and writes the few fields it needs
of the messages by itself, so that it needs no generated code.
"""

import sys
import time
from concurrent import futures

import grpc

SERVICE = "grpc.testing.TestService"
ECHO = "x-grpc-test-echo-initial"
TRAILING_ECHO = "x-grpc-test-echo-trailing-bin"


def varint(data, at):
    """The number that starts at `at`, and where the next one does."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a message: number to the list of its values."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        found.setdefault(key >> 3, []).append(value)
    return found


def sized(number, content):
    """A field that holds bytes."""
    length, head = len(content), bytearray([number << 3 | 2])
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + content


def payload(size):
    """A message whose first field is a payload of that many zeroes."""
    return sized(1, sized(2, bytes(size)))


def echo(context):
    metadata = context.invocation_metadata()
    context.send_initial_metadata([(k, v) for k, v in metadata if k == ECHO])
    context.set_trailing_metadata([(k, v) for k, v in metadata if k == TRAILING_ECHO])


def fail(request, context):
    """Ends the call with the status that the request asks for."""
    for status in request.get(7, []):
        wanted = fields(status)
        code, message = wanted.get(1, [0])[0], wanted.get(2, [b""])[0].decode()
        for known in grpc.StatusCode:
            if known.value[0] == code and code != 0:
                context.abort(known, message)


def empty(data, context):
    # The client's end of the connection, so that a test can tell one from the next.
    context.set_trailing_metadata([("x-peer", context.peer())])
    return b""


def unary(data, context):
    request = fields(data)
    echo(context)
    fail(request, context)
    return payload(request.get(2, [0])[0])


def streaming_input(requests, context):
    total = sum(
        len(fields(body).get(2, [b""])[0])
        for data in requests
        for body in fields(data).get(1, [])
    )
    number = bytearray([1 << 3])
    while total > 0x7F:
        number.append(total & 0x7F | 0x80)
        total >>= 7
    number.append(total)
    return bytes(number)


def answers(data, context):
    request = fields(data)
    for parameters in map(fields, request.get(2, [])):
        time.sleep(parameters.get(2, [0])[0] / 1e6)
        yield payload(parameters.get(1, [0])[0])
    fail(request, context)


def full_duplex(requests, context):
    echo(context)
    for data in requests:
        yield from answers(data, context)


def main():
    # Milliseconds after which each connection is told to go away, if any.
    options = [("grpc.max_receive_message_length", 8 << 20)]
    if len(sys.argv) > 1:
        options.append(("grpc.max_connection_age_ms", int(sys.argv[1])))
    server = grpc.server(futures.ThreadPoolExecutor(16), options=options)
    methods = {
        "EmptyCall": grpc.unary_unary_rpc_method_handler(empty),
        "UnaryCall": grpc.unary_unary_rpc_method_handler(unary),
        "StreamingInputCall": grpc.stream_unary_rpc_method_handler(streaming_input),
        "StreamingOutputCall": grpc.unary_stream_rpc_method_handler(answers),
        "FullDuplexCall": grpc.stream_stream_rpc_method_handler(full_duplex),
    }
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, methods)])
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0).wait()


main()
