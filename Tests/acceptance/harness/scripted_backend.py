"""An HTTP/2 server on threads of the test itself, which does exactly what a script tells it."""

import contextlib
import socket
import struct
import threading

from harness import wire
from harness.processes import HOST
from harness.wire import Closed, Silent, Wire


class Request:
    """One stream that a client has opened."""

    def __init__(self, connection, stream, fields, ended):
        self.connection = connection
        self.stream = stream
        self.fields = fields
        self.ended = ended
        self.body = bytearray()
        self.trailers = None
        self.reset_code = None

    def header(self, name):
        """The first value of a header field, or None."""
        return next((value for key, value in self.fields if key == name), None)

    def respond(self, fields, body=b"", end_stream=True):
        """A response head, and a body unless it is empty. What the client's windows allow is not asked."""
        self.connection.headers(self.stream, fields, end_stream=end_stream and not body)
        self._send(body, end_stream)

    def _send(self, octets, end_stream):
        for start in range(0, len(octets), 16384):
            last = end_stream and start + 16384 >= len(octets)
            self.connection.data(self.stream, octets[start : start + 16384], end_stream=last)

    def respond_grpc(self, message=b"", status=0):
        """A whole gRPC response."""
        head = [(":status", "200"), ("content-type", "application/grpc")]
        self.connection.headers(self.stream, head, end_stream=False)
        self._send(b"\0" + struct.pack(">I", len(message)) + message, end_stream=False)
        self.connection.headers(self.stream, [("grpc-status", str(status))])


class BackendConnection(Wire):
    """A connection as the server sees it."""

    def __init__(self, connected, number):
        super().__init__(connected, deadline=3600)
        self.number = number
        self.requests = {}
        self._frame_lock = threading.Lock()
        self._block_lock = threading.Lock()

    def frame(self, *arguments, **named):
        with self._frame_lock:
            return super().frame(*arguments, **named)

    def headers(self, *arguments, **named):
        # The header table must change in the order in which blocks go out.
        with self._block_lock:
            return super().headers(*arguments, **named)


class ScriptedBackend:
    """Calls `script.on_headers(request)` and, where they exist, `on_data(request, octets)`,
    `on_end(request)`, `on_reset(request)` and `on_connection(connection)` as things happen."""

    def __init__(self, script, settings=(), grant_windows=True, accept=True):
        self.script = script
        self.settings = settings
        self.grant_windows = grant_windows
        self.connections = []
        self.requests = []
        self._stopping = False
        self._listener = socket.create_server((HOST, 0), backlog=512)
        self.port = self._listener.getsockname()[1]
        if accept:
            threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._stopping = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self):
        while not self._stopping:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            connection = BackendConnection(connected, len(self.connections))
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self._read_preface(connection)
            connection.frame(wire.SETTINGS, payload=wire.encode_settings(self.settings))
            self._tell("on_connection", connection)
            while True:
                self._take(connection, connection.read())
                connection.seen.clear()
        except (Closed, Silent, OSError):
            pass
        finally:
            for request in connection.requests.values():
                request.reset_code = request.reset_code if request.reset_code is not None else -1
            connection.close()

    @staticmethod
    def _read_preface(connection):
        connection.socket.settimeout(10)
        preface = b""
        while len(preface) < len(wire.PREFACE):
            octets = connection.socket.recv(len(wire.PREFACE) - len(preface))
            if not octets:
                raise Closed()
            preface += octets
        if preface != wire.PREFACE:
            raise Closed()

    def _take(self, connection, frame):
        if frame.type == wire.SETTINGS and not frame.flags & wire.ACK:
            connection.frame(wire.SETTINGS, wire.ACK)
        elif frame.type == wire.PING and not frame.flags & wire.ACK:
            connection.ping(frame.payload, wire.ACK)
        elif frame.type == wire.HEADERS:
            self._take_headers(connection, frame)
        elif frame.type == wire.DATA:
            self._take_data(connection, frame)
        elif frame.type == wire.RST_STREAM and frame.stream in connection.requests:
            request = connection.requests[frame.stream]
            request.reset_code = frame.error_code
            self._tell("on_reset", request)

    def _take_headers(self, connection, frame):
        fields = connection.rest_of_block(frame)
        request = connection.requests.get(frame.stream)
        if request is None:
            request = Request(connection, frame.stream, fields, frame.ends_stream)
            connection.requests[frame.stream] = request
            self.requests.append(request)
            self._tell("on_headers", request)
        else:
            request.trailers = fields
        if frame.ends_stream:
            request.ended = True
            self._tell("on_end", request)

    def _take_data(self, connection, frame):
        request = connection.requests.get(frame.stream)
        if self.grant_windows and frame.payload:
            connection.window_update(0, len(frame.payload))
            connection.window_update(frame.stream, len(frame.payload))
        if request is None:
            return
        request.body += frame.payload
        self._tell("on_data", request, frame.payload)
        if frame.ends_stream:
            request.ended = True
            self._tell("on_end", request)

    def _tell(self, name, *arguments):
        method = getattr(self.script, name, None)
        if method:
            method(*arguments)
