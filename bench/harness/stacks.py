"""Where allocations come from: the stacks that allocations.c took, with names."""

import bisect
import re
import shutil
import subprocess
from pathlib import Path

from .profiling import demangle

# Frames that say only that something is allocated, or that a task runs.
BELOW = re.compile(
    r"^(swift_|_?swift_slowAlloc|_swift_|swift::|malloc|calloc|realloc|posix_memalign|operator new|"
    r"specialized (static )?(ContiguousArrayBuffer|_ContiguousArrayBuffer|_allocate)|"
    r"(static )?ManagedBuffer\.create|outlined |\(no symbol\)|\?\?)"
)


def read_stacks(path: Path) -> list[tuple[int, list[str]]]:
    """The count of each stack, and the names of its frames, nearest first."""
    counts, maps = [], []
    for line in path.read_text().splitlines():
        if re.match(r"^[0-9a-f]+-[0-9a-f]+ ", line):
            maps.append(line)
        else:
            number, *frames = line.split()
            counts.append((int(number), [int(frame, 16) for frame in frames]))
    names = symbols({frame for _, frames in counts for frame in frames}, maps)
    return [(count, [names[frame] for frame in frames]) for count, frames in counts]


def by_place(path: Path, calls: float) -> dict[str, float]:
    """Allocations by call, by the two nearest frames that say something."""
    places: dict[str, float] = {}
    for count, frames in read_stacks(path):
        place = " < ".join(telling(frames)) or "?"
        places[place] = places.get(place, 0) + count / calls
    return places


def telling(frames: list[str]) -> list[str]:
    return [frame for frame in frames if not BELOW.match(frame)][:2]


def symbols(addresses: set[int], maps: list[str]) -> dict[int, str]:
    """The demangled name of each address: of the function whose beginning is nearest before it."""
    bases: dict[str, int] = {}
    ranges = []
    for line in maps:
        fields = line.split(maxsplit=5)
        if len(fields) < 6 or not fields[5].startswith("/"):
            continue
        low, high = (int(text, 16) for text in fields[0].split("-"))
        bases.setdefault(fields[5], low - int(fields[2], 16))
        ranges.append((low, high, fields[5]))
    ranges.sort()
    tables: dict[str, tuple[list[int], list[str]]] = {}
    found = {}
    for address in addresses:
        index = bisect.bisect_right(ranges, (address, float("inf"), "")) - 1
        if index < 0 or address >= ranges[index][1]:
            found[address] = "??"
            continue
        program = ranges[index][2]
        if program not in tables:
            tables[program] = functions(program)
        starts, names = tables[program]
        # The address is the one that is returned to.
        place = bisect.bisect_right(starts, address - 1 - bases[program]) - 1
        found[address] = names[place] if place >= 0 else "??"
    distinct = sorted(set(found.values()))
    readable = dict(zip(distinct, demangle("\n".join(distinct)).split("\n")))
    return {address: readable[name] for address, name in found.items()}


def functions(program: str) -> tuple[list[int], list[str]]:
    """The beginnings of the program's functions in order, and their names."""
    nm = shutil.which("llvm-nm") or "nm"
    rows = set()
    for table in ([], ["-D"]):
        done = subprocess.run([nm, "--defined-only", *table, program], capture_output=True, text=True)
        for line in done.stdout.splitlines():
            fields = line.split(maxsplit=2)
            if len(fields) == 3 and fields[1] in "tTwW":
                rows.add((int(fields[0], 16), fields[2]))
    ordered = sorted(rows)
    return [start for start, _ in ordered], [name for _, name in ordered]
