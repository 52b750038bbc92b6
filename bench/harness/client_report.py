"""The tables of bench/client."""

from .client import ClientScenario
from .report import print_disturbance, print_table
from .results import Results

COST_LIMIT = 1.10
"""CPU and allocations of a call, to those of grpc-swift's own transport."""
SLOW_LIMIT = 1 / 3
"""The slow server's share of the calls, to the one that round robin gives it."""


def print_client_report(
    results: Results, cost: list[ClientScenario], slow: list[ClientScenario]
) -> bool:
    """Prints everything; true when every goal that could be judged is met."""
    for scenario in cost:
        if results.proxies(scenario.name):
            print(f"\n{scenario.title}")
            print_table(cost_table(results, scenario.name))
    for scenario in slow:
        if results.proxies(scenario.name):
            print(f"\n{scenario.title}")
            print_table(slow_table(results, scenario.name))
    print_disturbance(results, "calls")
    return print_goals(results, cost, slow)


def cost_table(results: Results, scenario: str) -> list[list[str]]:
    fields = [("cpu_us", 1, 1), ("user_us", 1, 1), ("system_us", 1, 1), ("allocations", 1, 1)]
    fields += [("allocated_bytes", 1 / 1024, 1), ("rate", 1, 0), ("p50_us", 1e-3, 3)]
    fields += [("p99_us", 1e-3, 3), ("client_core", 100, 0)]
    head = ["transport", "CPU µs/call", "user", "system", "allocations", "KiB", "calls/s"]
    head += ["p50 ms", "p99 ms", "core %", "CPU /built-in", "allocations /built-in"]
    rows = [head]
    for kind in results.proxies(scenario):
        row = [kind] + columns(results, kind, scenario, fields)
        for field in ("cpu_us", "allocations"):
            row.append(ratio_text(results.ratio(kind, "built-in", scenario, field)))
        rows.append(row)
    return rows


def slow_table(results: Results, scenario: str) -> list[list[str]]:
    fields = [("slow_share", 1, 1), ("rate", 1, 0), ("p50_us", 1e-3, 1)]
    fields += [("p90_us", 1e-3, 1), ("p99_us", 1e-3, 1)]
    head = ["policy", "slow server's calls %", "calls/s", "p50 ms", "p90 ms", "p99 ms"]
    head += ["share /built-in", "p90 /built-in", "p99 /built-in"]
    rows = [head]
    for kind in results.proxies(scenario):
        row = [kind] + columns(results, kind, scenario, fields)
        for field in ("slow_share", "p90_us", "p99_us"):
            row.append(ratio_text(results.ratio(kind, "built-in", scenario, field)))
        rows.append(row)
    return rows


def columns(results: Results, kind: str, scenario: str, fields: list) -> list[str]:
    return [
        f"{results.median(kind, scenario, field) * factor:,.{digits}f}"
        for field, factor, digits in fields
    ]


def ratio_text(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"


def print_goals(
    results: Results, cost: list[ClientScenario], slow: list[ClientScenario]
) -> bool:
    goals = [
        ("balanced", scenario.name, field, COST_LIMIT)
        for scenario in cost
        for field in ("cpu_us", "allocations")
    ]
    goals += [
        (kind, scenario.name, "slow_share", SLOW_LIMIT)
        for scenario in slow
        for kind in ("least_request", "peak EWMA")
    ]
    is_met, lines = True, []
    for kind, scenario, field, limit in goals:
        ratio = results.ratio(kind, "built-in", scenario, field)
        if ratio is None:
            continue
        is_met = is_met and ratio <= limit
        verdict = "met" if ratio <= limit else "MISSED"
        lines.append(
            f"  {scenario:<4} {kind:<13} {field:<11} / built-in {ratio:.2f}"
            f"  goal at most {limit:.2f}  {verdict}"
        )
    if lines:
        print("\nGoals")
        print("\n".join(lines))
    return is_met
