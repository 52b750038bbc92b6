"""Headless Chromium, spoken to over its DevTools protocol on a pair of pipes."""

import base64
import json
import os
import select
import shutil
import struct
import subprocess
import time
import zlib


def chromium():
    """The browser's program; None when it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """One browser; each page has a tab of its own. Messages are JSON, each ended by a zero octet."""

    def __init__(self, folder):
        to_browser, self._requests = os.pipe()
        self._answers, from_browser = os.pipe()
        # The browser reads requests from 3 and writes answers to 4.
        script = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        command = [
            chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            ["bash", "-c", script, "bash", *command],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._count = 0
        self.events = []

    def command(self, method, session=None, **parameters):
        """The result of a command; what happens until then is kept in `events`."""
        self._count += 1
        request = {"id": self._count, "method": method, "params": parameters}
        if session:
            request["sessionId"] = session
        os.write(self._requests, json.dumps(request).encode() + b"\0")
        while True:
            message = self._message(within=30)
            if message.get("id") == self._count:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]
            self.events.append(message)

    def wait_for(self, method, session, within=30):
        """Waits until an event has come."""
        deadline = time.monotonic() + within
        while not any(e.get("method") == method and e.get("sessionId") == session for e in self.events):
            self.events.append(self._message(deadline - time.monotonic()))

    def open(self, path, width=1280, height=900, dark=False, media="screen"):
        """A page from a file, when it is loaded."""
        return Page(self, f"file://{path}", width, height, dark, media)

    def close(self):
        self.process.kill()
        self.process.wait(timeout=10)
        os.close(self._requests)
        os.close(self._answers)

    def _message(self, within):
        deadline = time.monotonic() + within
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self._answers], [], [], max(0, left))
            assert ready, "the browser did not answer in time"
            octets = os.read(self._answers, 1 << 16)
            assert octets, f"the browser ended with {self.process.poll()}"
            self._buffer += octets
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)


class Page:
    """One tab."""

    def __init__(self, browser, url, width, height, dark, media):
        self._browser = browser
        target = browser.command("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.command("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._command(f"{domain}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._command("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        self._command("Page.navigate", url=url)
        browser.wait_for("Page.loadEventFired", self.session)

    def _command(self, method, **parameters):
        return self._browser.command(method, self.session, **parameters)

    def evaluate(self, expression):
        """What an expression in JavaScript gives, as JSON."""
        result = self._command("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    @property
    def problems(self):
        """All that the console, the log or an exception has said."""
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        return [e["params"] for e in self._own if e.get("method") in kinds]

    @property
    def fetched(self):
        """The URL of each thing that was asked for."""
        requests = [e for e in self._own if e.get("method") == "Network.requestWillBeSent"]
        return [e["params"]["request"]["url"] for e in requests]

    @property
    def _own(self):
        return [e for e in self._browser.events if e.get("sessionId") == self.session]

    def screenshot(self, path=None, clip=None):
        """The whole page, or a rectangle of it (x, y, width, height), as PNG."""
        options = {"clip": {**clip, "scale": 1}} if clip else {}
        picture = self._command(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True, **options
        )
        octets = base64.b64decode(picture["data"])
        if path:
            with open(path, "wb") as file:
                file.write(octets)
        return octets


def pixels(png):
    """The pixels of a PNG of eight bits a sample, not interlaced: rows of (red, green, blue)."""
    position, data = 8, b""
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        body = png[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert depth == 8 and colour in (2, 6) and not interlaced
        elif kind == b"IDAT":
            data += body
        position += length + 12
    samples = 3 if colour == 2 else 4
    raw, stride = zlib.decompress(data), width * samples
    rows, above = [], bytearray(stride)
    for start in range(0, height * (stride + 1), stride + 1):
        row = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, samples)
        rows.append([tuple(row[x : x + 3]) for x in range(0, stride, samples)])
        above = row
    return rows


def _unfiltered(kind, row, above, samples):
    """Undoes a filter of PNG (RFC 2083, section 6)."""
    for index in range(len(row)):
        left = row[index - samples] if index >= samples else 0
        corner = above[index - samples] if index >= samples else 0
        up = above[index]
        if kind == 1:
            row[index] = (row[index] + left) & 255
        elif kind == 2:
            row[index] = (row[index] + up) & 255
        elif kind == 3:
            row[index] = (row[index] + (left + up) // 2) & 255
        elif kind == 4:
            estimate = left + up - corner
            nearest = min((left, up, corner), key=lambda value: abs(estimate - value))
            row[index] = (row[index] + nearest) & 255
    return row
