"""The walk-throughs in `docs/walkthroughs`: each command is run, and prints what is written there.

Those that say so are run: their output is the same each time, but for what they declare.
"""

import pytest

from harness.fairlead import REPOSITORY
from harness.walkthrough import Shell, commands, has_own_loopback, masked, matches, patterns

MARK = "<!-- Tests/acceptance/test_walkthroughs.py runs this. -->"
DOCUMENTS = [
    path
    for path in sorted((REPOSITORY / "docs/walkthroughs").glob("*.md"))
    if MARK in path.read_text()
]

pytestmark = [
    pytest.mark.fairlead_only,
    # A document is many commands, each with a deadline of its own.
    pytest.mark.timeout(300),
    pytest.mark.skipif(not has_own_loopback(), reason="no network namespace can be made here"),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_walkthrough(document):
    text = document.read_text()
    listed, varies = commands(text), patterns(text)
    assert listed
    shell = Shell()
    try:
        for command in listed:
            printed = shell.run(command, within=60)
            expected, actual = masked(command.expected, varies), masked(printed, varies)
            assert matches(expected, actual), f"$ {command.text}\n" + "\n".join(printed)
    finally:
        shell.close()


def test_there_are_walkthroughs():
    assert len(DOCUMENTS) >= 4


def test_what_is_not_printed_is_missed():
    varies = patterns("<!-- varies: pod-\\d -->")
    expected = masked(["a  1 b", "…", "12:00:00 pod-1 3"], varies)
    for printed in (["a 1 b", "13:59:59 pod-2 3"], ["a 1 b", "more", "more", "13:59:59 pod-2 3"]):
        assert matches(expected, masked(printed, varies))
    for printed in (["a 1 b"], ["a 1 b", "13:59:59 pod-2 4"], ["a 1 b", "13:59:59 pod-2 3", "x"]):
        assert not matches(expected, masked(printed, varies))
