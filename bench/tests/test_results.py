"""Percentiles, ratios within a round, and what is read from the tools' output."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from harness.errors import BenchError  # noqa: E402
from harness.load import latencies_of_successes, parse, percentile  # noqa: E402
from harness.measure import Cell  # noqa: E402
from harness.profiling import callers_of, parse_perf  # noqa: E402
from harness.results import Results  # noqa: E402

H2LOAD = """\
finished in 146.21ms, 136792.36 req/s, 6.79MB/s
requests: 20 total, 20 started, 20 done, 19 succeeded, 1 failed, 0 errored, 0 timeout
status codes: 19 2xx, 0 3xx, 0 4xx, 1 5xx
"""

PERF = """\
    40.00%  proxy          [.] forward
    10.00%  libx.so        [.] 0x0000000000001234
     5.00%  libx.so        [.] 0x0000000000005678
    30.00%  [kernel]       [k] tcp_ack
"""


def cell(proxy: str, round: int, cpu_us: float) -> Cell:
    return Cell(proxy, "10x10", round, 10, 0, 1, cpu_us, 1, 1, 1, 1, 0, 1, 0)


class ResultsTests(unittest.TestCase):
    def test_a_ratio_is_taken_within_each_round_and_then_the_median(self):
        results = Results()
        for round, (ours, theirs) in enumerate([(10, 20), (30, 40), (90, 100)]):
            results.add(cell("fairlead", round, ours))
            results.add(cell("envoy", round, theirs))
        # Medians of each alone would give 30/40 as well; the rounds' own give 0.5, 0.75, 0.9.
        self.assertEqual(results.ratio("fairlead", "envoy", "10x10", "cpu_us"), 0.75)
        results.add(cell("fairlead", 3, 1000))
        self.assertEqual(results.ratio("fairlead", "envoy", "10x10", "cpu_us"), 0.75)

    def test_there_is_no_ratio_without_the_reference(self):
        results = Results()
        results.add(cell("fairlead", 0, 10))
        self.assertIsNone(results.ratio("fairlead", "envoy", "10x10", "cpu_us"))


class LoadTests(unittest.TestCase):
    def test_failed_requests_do_not_count(self):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as log:
            log.write("1\t200\t500\n2\t503\t9\n3\t200\t300\n4\t-1\t7\n")
            log.flush()
            self.assertEqual(latencies_of_successes(Path(log.name)), [500, 300])
            outcome = parse(H2LOAD, 20, Path(log.name), 0.1)
        self.assertEqual(outcome.succeeded, 19)
        self.assertAlmostEqual(outcome.seconds, 0.14621)
        self.assertEqual(outcome.p99, 500)

    def test_output_without_a_result_is_an_error(self):
        with self.assertRaises(BenchError):
            parse("Connection refused", 1, Path("/nonexistent"), 0)

    def test_percentiles_are_nearest_rank(self):
        ordered = list(range(1, 101))
        self.assertEqual(percentile(ordered, 50), 50)
        self.assertEqual(percentile(ordered, 99), 99)
        self.assertEqual(percentile([7], 99), 7)
        self.assertNotEqual(percentile([], 50), percentile([], 50))


class ProfileTests(unittest.TestCase):
    def test_addresses_of_a_stripped_library_are_summed(self):
        symbols = parse_perf(PERF)
        self.assertEqual(symbols[0], (40, "proxy", "forward"))
        self.assertEqual(symbols[2], (15, "libx.so", "(no symbol)"))

    def test_callers_are_summed_over_the_samples_of_the_asked_symbol(self):
        retain = "\n\t 1 swift_retain\n\t 2 pump\n\t 3 read\n"
        other = "\n\t 9 tcp_ack\n\t 2 pump\n"
        rows = callers_of("retain", retain + other + retain + other)
        self.assertEqual(rows, [(50, "swift_retain < pump < read")])


if __name__ == "__main__":
    unittest.main()
