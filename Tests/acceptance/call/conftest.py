"""The servers and files of the tests of `fairlead call`, one of each for a module."""

import os
import stat
import sys

import pytest

from harness.call_server import CallServer, descriptor_set
from harness.certificates import Authority


@pytest.fixture(scope="module")
def server():
    server = CallServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mute():
    """A server that does not say what it serves."""
    server = CallServer(reflections=())
    yield server
    server.stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def with_protoc(tmp_path_factory):
    """An environment whose PATH has a protoc, that of grpcio-tools."""
    folder = tmp_path_factory.mktemp("bin")
    protoc = folder / "protoc"
    protoc.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m grpc_tools.protoc "$@"\n')
    protoc.chmod(protoc.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def protoset(tmp_path_factory):
    path = tmp_path_factory.mktemp("sets") / "all.bin"
    path.write_bytes(descriptor_set())
    return path
