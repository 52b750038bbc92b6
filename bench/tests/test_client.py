"""What is told of the client: ratios to the built-in transport, goals, and where allocations are from."""

import contextlib
import io
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from harness.client import ClientCell, ClientScenario  # noqa: E402
from harness.client_report import print_client_report  # noqa: E402
from harness.results import Results  # noqa: E402
from harness.stacks import symbols, telling  # noqa: E402

COST = [ClientScenario("16", "16 calls at a time", 16)]
SLOW = [ClientScenario("slow", "One slow server", 64)]


def cell(kind, scenario, **fields):
    values = {
        "proxy": kind,
        "scenario": scenario,
        "round": 1,
        "calls": 100,
        "rate": 1.0,
        "cpu_us": 10.0,
        "user_us": 5.0,
        "system_us": 5.0,
        "p50_us": 1.0,
        "p90_us": 1.0,
        "p99_us": 1.0,
        "client_core": 1.0,
        "foreign": 0.0,
        "slow_share": 20.0,
        "spread": {},
        "allocations": 100.0,
    }
    return ClientCell(**(values | fields))


def verdict(*cells):
    results = Results()
    for each in cells:
        results.add(each)
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        is_met = print_client_report(results, COST, SLOW)
    return is_met, text.getvalue()


class GoalTests(unittest.TestCase):
    def test_cpu_and_allocations_are_each_held_to_a_tenth_more(self):
        base = cell("built-in", "16")
        self.assertTrue(verdict(base, cell("balanced", "16", cpu_us=11.0, allocations=110.0))[0])
        is_met, text = verdict(base, cell("balanced", "16", allocations=111.0))
        self.assertFalse(is_met)
        self.assertEqual(text.count("MISSED"), 1)
        self.assertIn("allocations / built-in 1.11", text)

    def test_a_slow_server_may_get_a_third_of_what_round_robin_gives_it(self):
        base = cell("built-in", "slow")
        self.assertTrue(verdict(base, cell("least_request", "slow", slow_share=6.6))[0])
        self.assertFalse(verdict(base, cell("peak EWMA", "slow", slow_share=6.8))[0])

    def test_what_was_not_measured_is_not_judged(self):
        is_met, text = verdict(cell("built-in", "16"))
        self.assertTrue(is_met)
        self.assertNotIn("Goals", text)


class StackTests(unittest.TestCase):
    def test_what_only_allocates_is_passed_over(self):
        frames = ["swift_slowAlloc", "swift_allocObject", "CallStream.init", "?", "withStream"]
        self.assertEqual(telling(frames), ["CallStream.init", "?"])

    def test_an_address_outside_of_all_files_has_no_name(self):
        maps = ["1000-2000 rw-p 00000000 00:00 0 "]
        self.assertEqual(symbols({0x1800, 0x10}, maps), {0x1800: "??", 0x10: "??"})


if __name__ == "__main__":
    unittest.main()
