"""grpcio servers with real services, for `fairlead call`: messages are made from .proto files at run time."""

import functools
import itertools
import pathlib
import subprocess
import sys
import tempfile
import threading
from concurrent import futures

import grpc
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    message_factory,
)
from google.rpc import error_details_pb2, status_pb2
from grpc_reflection.v1alpha import reflection

from harness.processes import HOST

PROTOS = pathlib.Path(__file__).resolve().parents[1] / "protos"
FILES = ["shop.proto", "complaint.proto", "archive.proto", "archive_label.proto"]
SERVICES = ["shop.v1.Shop", "archive.Archive"]
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@functools.cache
def descriptor_set():
    """The serialised set of all files, as protoc makes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "set.bin"
        command = [sys.executable, "-m", "grpc_tools.protoc", "-I", str(PROTOS)]
        command += ["--include_imports", f"--descriptor_set_out={path}", *FILES]
        subprocess.run(command, check=True)
        return path.read_bytes()


class Types:
    """The messages of the files by name."""

    def __init__(self):
        self.pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(descriptor_set()).file:
            self.pool.Add(file)

    def __call__(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))


class Shop:
    """`shop.v1.Shop` and `archive.Archive`."""

    def __init__(self, types):
        self.types = types
        self.metadata = []
        self.received = []
        self.released = threading.Event()
        # Messages that `browse` has given to its stream.
        self.browsed = 0

    def find(self, item, context):
        self.metadata = [tuple(pair) for pair in context.invocation_metadata()]
        context.send_initial_metadata([("x-pod", "shop-1"), ("x-raw-bin", b"\x01\x02")])
        context.set_trailing_metadata([("x-cost", "3")])
        item.name = f"found {item.name}"
        return item

    def browse(self, item, context):
        # A negative count never ends.
        for count in range(item.count) if item.count >= 0 else itertools.count():
            self.browsed += 1
            yield type(item)(name=item.name, count=count)

    def order(self, items, context):
        names = []
        for item in items:
            self.received.append(item.name)
            if item.name == "refuse":
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "closed today")
            names.append(item.name)
        return self.types("shop.v1.Receipt")(items=len(names), names=names)

    def chat(self, items, context):
        for item in items:
            if item.name == "bye":
                return
            yield type(item)(name=f"re: {item.name}")

    def fail(self, item, context):
        if item.name == "slow":
            yield type(item)(name="wait")
            self.released.wait(20)
            return
        if item.name == "hostile":
            context.abort(grpc.StatusCode.NOT_FOUND, "\x1b[2J\x1b[31mgone\r\n")
        status = status_pb2.Status(code=3, message="the item is wrong")
        if item.name == "known":
            detail = error_details_pb2.BadRequest()
            detail.field_violations.add(field="name", description="too short")
            status.details.add().Pack(detail)
            status.details.add().Pack(duration_pb2.Duration(seconds=2))
        if item.name in ("own", "late"):
            status.details.add().Pack(self.types("shop.v1.Complaint")(about="price", times=2))
        if item.name == "unknown":
            status.details.add(type_url="type.googleapis.com/no.Such", value=b"\x01\x02")
        if item.name == "late":
            yield type(item)(name="first")
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, status.message)

    def echo(self, message, context):
        return message

    def handlers(self):
        item, receipt = self.types("shop.v1.Item"), self.types("shop.v1.Receipt")
        everything, record = self.types("shop.v1.Everything"), self.types("archive.Record")

        def method(make, function, request, response):
            return make(
                function,
                request_deserializer=request.FromString,
                response_serializer=response.SerializeToString,
            )

        shop = {
            "Find": method(grpc.unary_unary_rpc_method_handler, self.find, item, item),
            "Browse": method(grpc.unary_stream_rpc_method_handler, self.browse, item, item),
            "Order": method(grpc.stream_unary_rpc_method_handler, self.order, item, receipt),
            "Chat": method(grpc.stream_stream_rpc_method_handler, self.chat, item, item),
            "Fail": method(grpc.unary_stream_rpc_method_handler, self.fail, item, item),
            "Echo": method(grpc.unary_unary_rpc_method_handler, self.echo, everything, everything),
        }
        archive = {
            "Store": method(grpc.unary_unary_rpc_method_handler, self.echo, record, record)
        }
        return [
            grpc.method_handlers_generic_handler("shop.v1.Shop", shop),
            grpc.method_handlers_generic_handler("archive.Archive", archive),
        ]


class CallServer:
    """The shop on a port of its own, in this process.

    `reflections` are the versions of reflection that it offers; `credentials` make it speak TLS; with
    `path` it listens on a socket in the file system, too.
    """

    def __init__(self, reflections=("v1", "v1alpha"), credentials=None, path=None):
        types = Types()
        self.shop = Shop(types)
        self.server = grpc.server(futures.ThreadPoolExecutor(8), options=UNLIMITED)
        self.server.add_generic_rpc_handlers(self.shop.handlers())
        for version in reflections:
            self._reflect(version, types.pool)
        address = f"{HOST}:0"
        if credentials:
            self.port = self.server.add_secure_port(address, credentials)
        else:
            self.port = self.server.add_insecure_port(address)
        if path:
            self.server.add_insecure_port(f"unix:{path}")
        self.server.start()

    @property
    def address(self):
        return f"{HOST}:{self.port}"

    def _reflect(self, version, pool):
        names = [*SERVICES, f"grpc.reflection.{version}.ServerReflection"]
        servicer = reflection.ReflectionServicer(names, pool=pool)
        protos = reflection._reflection_pb2  # The same messages in both versions.
        handler = grpc.stream_stream_rpc_method_handler(
            servicer.ServerReflectionInfo,
            request_deserializer=protos.ServerReflectionRequest.FromString,
            response_serializer=protos.ServerReflectionResponse.SerializeToString,
        )
        self.server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    f"grpc.reflection.{version}.ServerReflection", {"ServerReflectionInfo": handler}
                )
            ]
        )

    def stop(self):
        self.shop.released.set()
        self.server.stop(None).wait()
