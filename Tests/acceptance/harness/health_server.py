"""A grpcio server with the health service, in this process; and servers that are none."""

import contextlib
import socket
import threading
from concurrent import futures

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from harness.processes import HOST

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Health(health.HealthServicer):
    """Notes what it was asked with, and answers when it is told to."""

    def __init__(self):
        super().__init__()
        self.asked = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def Check(self, request, context):
        self.asked.append(context.invocation_metadata())
        self.may_answer.wait(timeout=20)
        return super().Check(request, context)


class HealthServer:
    """Serves on `address` until it is stopped; `servicer` None is a server without health."""

    def __init__(self, servicer, address=f"{HOST}:0", credentials=None):
        self.servicer = servicer
        self.server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
        if servicer:
            health_pb2_grpc.add_HealthServicer_to_server(servicer, self.server)
        if credentials:
            port = self.server.add_secure_port(address, credentials)
        else:
            port = self.server.add_insecure_port(address)
        self.address = address.replace(":0", f":{port}") if address.endswith(":0") else address
        self.server.start()

    def stop(self):
        if self.servicer:
            self.servicer.may_answer.set()
        self.server.stop(0).wait(timeout=10)


@contextlib.contextmanager
def tcp_server(answer):
    """Takes connections and gives each to `answer`, in a thread; yields the address."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        connections = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connections.append(connection)
                    answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"{HOST}:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=10)
        for connection in connections:
            connection.close()
