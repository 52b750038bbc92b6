"""`.proto` files that import well-known types, read by a protoc that comes without these, as Debian's does."""

import os
import subprocess
import sys

import pytest

from harness.fairlead import fairlead_binary

pytestmark = pytest.mark.fairlead_only

WELL_KNOWN = {
    "any": "Any",
    "api": "Api",
    "descriptor": "FileDescriptorSet",
    "duration": "Duration",
    "empty": "Empty",
    "field_mask": "FieldMask",
    "source_context": "SourceContext",
    "struct": "Struct",
    "timestamp": "Timestamp",
    "type": "Type",
    "wrappers": "Int64Value",
}


@pytest.fixture
def environment(tmp_path):
    """One whose PATH has the protoc of grpcio-tools, which knows its own files as a module alone."""
    protoc = tmp_path / "bin" / "protoc"
    protoc.parent.mkdir()
    program = "import sys; from grpc_tools import protoc; sys.exit(protoc.main(['protoc', *sys.argv[1:]]))"
    protoc.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$@"\n')
    protoc.chmod(0o755)
    return {**os.environ, "PATH": f"{protoc.parent}:{os.environ['PATH']}"}


def call(environment, *arguments):
    command = [fairlead_binary(), "call", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)


def test_well_known_types_need_no_files(environment, tmp_path):
    imports = "".join(f'import "google/protobuf/{file}.proto";\n' for file in WELL_KNOWN)
    fields = "".join(
        f"  google.protobuf.{name} {file} = {number};\n"
        for number, (file, name) in enumerate(WELL_KNOWN.items(), 1)
    )
    (tmp_path / "user.proto").write_text(
        f'syntax = "proto3";\npackage user;\n{imports}'
        "extend google.protobuf.FieldOptions { string note = 50000; }\n"
        f'message All {{\n{fields}  string noted = 100 [(note) = "x"];\n}}\n'
    )
    result = call(environment, "--proto", tmp_path / "user.proto", "describe", "user.All")
    assert result.returncode == 0, result.stderr
    assert fields in result.stdout


def test_files_of_ones_own_come_first(environment, tmp_path):
    own = tmp_path / "google" / "protobuf" / "empty.proto"
    own.parent.mkdir(parents=True)
    own.write_text('syntax = "proto3";\npackage google.protobuf;\nmessage Mine {}\n')
    (tmp_path / "user.proto").write_text(
        'syntax = "proto3";\npackage user;\nimport "google/protobuf/empty.proto";\n'
        "message All { google.protobuf.Mine mine = 1; }\n"
    )
    result = call(environment, "--proto", tmp_path / "user.proto", "describe", "user.All")
    assert result.returncode == 0, result.stderr
    assert "google.protobuf.Mine mine = 1;" in result.stdout


def test_another_import_that_is_missing_is_one_sentence(environment, tmp_path):
    (tmp_path / "user.proto").write_text('syntax = "proto3";\nimport "google/api/http.proto";\n')
    result = call(environment, "--proto", tmp_path / "user.proto", "list")
    assert result.returncode == 1 and result.stdout == ""
    assert "google/api/http.proto" in result.stderr and "--import-path" in result.stderr
    assert len(result.stderr.splitlines()) == 1
