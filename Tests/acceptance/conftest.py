"""Fixtures: a lab for each test, or one for all tests of a module."""

import os
import resource
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from harness.lab import Lab  # noqa: E402
from harness.peers import KIND  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "fairlead_only: needs what only the proxy under test has")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def pytest_collection_modifyitems(items):
    for item in items:
        if KIND != "fairlead" and item.get_closest_marker("fairlead_only"):
            item.add_marker(pytest.mark.skip(reason=f"not for {KIND}"))


@pytest.fixture
def lab(tmp_path):
    lab = Lab(tmp_path)
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def module_lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.close()
