"""Medians over the rounds, and ratios to a reference that are taken within each round."""

from statistics import median

from .measure import Cell


class Results:
    """All cells measured so far, and a sentence for each that could not be."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.problems: list[str] = []

    def add(self, cell: Cell) -> None:
        self.cells.append(cell)

    def of(self, proxy: str, scenario: str) -> list[Cell]:
        return [c for c in self.cells if c.proxy == proxy and c.scenario == scenario]

    def proxies(self, scenario: str) -> list[str]:
        """The proxies with at least one cell, in the order of the first round."""
        return list(dict.fromkeys(c.proxy for c in self.cells if c.scenario == scenario))

    def median(self, proxy: str, scenario: str, field: str) -> float:
        return median(getattr(cell, field) for cell in self.of(proxy, scenario))

    def failed(self, proxy: str, scenario: str) -> int:
        return sum(cell.failed for cell in self.of(proxy, scenario))

    def ratio(self, proxy: str, reference: str, scenario: str, field: str) -> float | None:
        """The median of the rounds' ratios; None without a round that has both."""
        base = {c.round: getattr(c, field) for c in self.of(reference, scenario)}
        ratios = [
            getattr(cell, field) / base[cell.round]
            for cell in self.of(proxy, scenario)
            if base.get(cell.round)
        ]
        return median(ratios) if ratios else None

    def as_json(self) -> list[dict]:
        return [cell.as_json() for cell in self.cells]
