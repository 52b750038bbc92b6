"""Scenario B: who answers, over one connection, over three, and through the proxy; and the report that shows it."""

import html.parser
import json
import re

import pytest

from harness.browser import Browser, pixels
from harness.fairlead import REPOSITORY, fairlead_binary
from harness.manifests import Folder
from harness.processes import HOST, Child, accepts_connections, free_port
from test_commands import run

pytestmark = pytest.mark.fairlead_only

PODS = ["echo-server-1", "echo-server-2", "echo-server-3"]
CALLS = 3000
METHOD = "helloworld.Greeter/SayHello"


@pytest.fixture(scope="module")
def front(module_lab):
    """Three greeters, and the proxy in front of them as in `examples/load`, on free ports: the addresses of the service that
    is balanced by connection and of the one that is balanced by call."""
    folder = Folder(module_lab.path("load"))
    example = REPOSITORY / "examples/load"
    moved = []
    for document in (example / "pods.yaml").read_text().split("---\n"):
        name, port = re.search(r"name: (\S+)", document)[1], free_port()
        command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{port}", "--name", name]
        child = module_lab.child(Child(name, command, module_lab.path(name + ".log")))
        child.wait_until(lambda port=port: accepts_connections(port), 10, "it listens")
        moved.append(re.sub(r"containerPort: \d+", f"containerPort: {port}", document))
    folder.write("pods.yaml", *moved)
    folder.write("services.yaml", (example / "services.yaml").read_text())
    bind = [("echo-server", 9000), ("echo-server-calls", 9000)]
    proxy = module_lab.fairlead(folder, bind=bind)
    return [f"{HOST}:{proxy.bound[pair]}" for pair in bind]


def load(*arguments, by="header:x-pod", calls=CALLS):
    """Runs `fairlead load` on the greeters' method."""
    return run(
        "load", *arguments, "--call", METHOD, "-d", '{"name":"load"}', "--plaintext",
        "--concurrency", 6, "--total", calls, "--by", by,
    )  # fmt: skip


def report_of(*arguments, **options):
    """The report of a run of load, from its JSON."""
    result = load(*arguments, "--json", **options)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def split(report):
    """How many backends answered the run over three connections to the first address."""
    return sum(1 for backend in report["runs"][1]["backends"] if backend["calls"])


@pytest.fixture(scope="module")
def story(front, module_lab):
    """One report of all: by connection and by call, each over one connection and over three. Three connections share a pod
    once in nine times, so it is made again until they do not."""
    page = module_lab.path("report.html")
    addresses = [f"tcp={front[0]}", f"proxy={front[1]}"]
    for _ in range(8):
        report = report_of(*addresses, "--connections", "1,3", "--backends", 3, "--html", page)
        if split(report) > 1:
            return report, page
    raise AssertionError("three connections shared one pod eight times")


def test_one_report_tells_the_whole_story(story):
    report, _ = story
    assert report["method"] == METHOD and report["backendsBy"] == "header x-pod"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", report["startedAt"])
    assert report["backends"] == {"count": 3, "isComplete": True, "names": PODS}
    assert [run["connections"] for run in report["runs"]] == [1, 3, 1, 3]
    for run_ in report["runs"]:
        assert run_["calls"] == CALLS and run_["failed"] == 0 and run_["unattributed"] == 0
        assert [backend["name"] for backend in run_["backends"]] == PODS
        assert sum(backend["calls"] for backend in run_["backends"]) == CALLS


def test_one_connection_puts_all_load_on_one_pod(story):
    one = story[0]["runs"][0]
    assert sorted(backend["calls"] for backend in one["backends"]) == [0, 0, CALLS]
    assert one["skew"]["maxOverMean"] == pytest.approx(3)
    assert one["verdict"] == {
        "kind": "by-connection",
        "sentence": "all 3,000 calls went to 1 of 3 backends: the target is balanced by connection",
    }


def test_three_connections_show_the_random_split(story):
    three = story[0]["runs"][1]
    connections = [backend["connections"] for backend in three["backends"]]
    assert sum(connections) == 3
    assert [bool(backend["calls"]) for backend in three["backends"]] == [c > 0 for c in connections]
    assert three["verdict"]["kind"] == "by-connection"
    assert " : ".join(map(str, connections)) in three["verdict"]["sentence"]


@pytest.mark.parametrize("number", [2, 3])
def test_through_the_proxy_the_three_are_equal(story, number):
    through = story[0]["runs"][number]
    # Each of two workers takes turns by itself.
    counts = [backend["calls"] for backend in through["backends"]]
    assert max(counts) - min(counts) <= 6, counts
    assert through["verdict"]["kind"] == "even"
    assert "spread evenly over 3 backends (max/mean 1.00)" in through["verdict"]["sentence"]


def test_numbers_agree_with_each_other(story):
    for run_ in story[0]["runs"]:
        latency = run_["latency"]
        assert sum(bucket["calls"] for bucket in latency["histogram"]) == CALLS
        seconds = [point["seconds"] for point in latency["percentiles"]]
        assert seconds == sorted(seconds)
        assert latency["minSeconds"] <= seconds[0] and seconds[-1] <= latency["maxSeconds"]
        assert run_["callsPerSecond"] == pytest.approx(CALLS / run_["elapsedSeconds"])
        assert sum(interval["calls"] for interval in run_["timeline"]) == CALLS
        assert [(s["name"], s["calls"]) for s in run_["statuses"]] == [("OK", CALLS)]


def keys(value):
    """Every key in a JSON value, at any depth."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if isinstance(value, dict):
        return set(value) | set().union(set(), *map(keys, value.values()))
    return set()


def test_every_key_of_the_json_is_documented(story):
    text = (REPOSITORY / "docs/load-report.md").read_text()
    missing = [key for key in sorted(keys(story[0])) if f"`{key}`" not in text]
    assert not missing


# The text


def test_text_has_all_of_it_and_no_colours_in_a_pipe(front):
    result = load(f"tcp={front[0]}", f"proxy={front[1]}", "--backends", 3)
    assert result.returncode == 0, result.stderr
    text = result.stdout
    assert "\x1b" not in text and "\r" not in text
    assert "\x1b" not in result.stderr
    for part in ("p50", "p99.9", "calls by backend", "max/mean", "1 of 3 backends", "spread evenly"):
        assert part in text, text
    assert all(pod in text for pod in PODS)
    rows = [line.split() for line in text.splitlines() if line.startswith("  proxy ")]
    assert ["1,000"] * 3 in [row[-3:] for row in rows], text


def test_a_page_that_cannot_be_written_is_told_before_any_call(front, tmp_path):
    missing = tmp_path / "none" / "report.html"
    result = load(front[0], "--html", missing, calls=100_000_000)
    assert result.returncode == 1
    assert not result.stdout
    expected = f"Error: The report cannot be written to {missing}: there is no such folder."
    assert result.stderr.strip() == expected


# The page


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


# What each plot draws of the runs, as against its axes: a series for each run, or for each line of a run.
FIGURES = """
[...document.querySelectorAll('figure > svg')].map(svg => {
  const box = svg.getBoundingClientRect()
  const shapes = [...svg.querySelectorAll('rect, polyline, circle')]
  const names = shapes.map(shape =>
    [...shape.classList].filter(name => /^(c[0-9]+|thin|failures)$/.test(name)).join(' '))
  return {
    title: svg.querySelector('title').textContent, series: [...new Set(names)],
    x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height,
  }
})
"""

# Shows one series of one plot, or none, and all else that the plot has.
SHOW_SERIES = """
document.querySelectorAll('figure > svg')[%d].querySelectorAll('rect, polyline, circle').forEach(shape => {
  const name = [...shape.classList].filter(name => /^(c[0-9]+|thin|failures)$/.test(name)).join(' ')
  shape.style.visibility = name === %s ? 'visible' : 'hidden'
})
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_page_opens_without_errors_and_shows_its_plots(story, browser, width, dark):
    _, path = story
    page = browser.open(path, width=width, dark=dark)
    assert page.problems == []
    assert page.fetched == [f"file://{path}"]
    figures = page.evaluate(FIGURES)
    # Backends and histogram of each run; percentiles, latency over time, rate over time.
    assert len(figures) == 4 + 4 + 3
    for figure in figures:
        assert figure["width"] > 250 and figure["height"] > 50, figure
        assert figure["x"] >= 0 and figure["x"] + figure["width"] <= width, figure
        assert figure["series"], figure
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def seen_of(page, index, figure):
    """How many pixels of the screenshot each series of a plot changes when it alone is shown."""
    clip = {side: figure[side] for side in ("x", "y", "width", "height")}

    def picture(series):
        page.evaluate(SHOW_SERIES % (index, json.dumps(series)))
        return [pixel for row in pixels(page.screenshot(clip=clip)) for pixel in row]

    def differs(one, other):
        return sum(abs(a - b) for a, b in zip(one, other)) > 60

    empty = picture(None)
    background = max(set(empty), key=empty.count)
    return background, {
        series: sum(map(differs, picture(series), empty)) for series in figure["series"]
    }


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_plots_can_be_seen_on_the_screenshot(story, browser, dark):
    """However short a run was: a dot of one point has some twenty pixels."""
    page = browser.open(story[1], dark=dark)
    figures = page.evaluate(FIGURES)
    assert sum(len(figure["series"]) for figure in figures) == 4 + 4 + 4 + 8 + 4
    for index, figure in enumerate(figures):
        background, seen = seen_of(page, index, figure)
        assert (sum(background) < 200) == dark, background
        unseen = [series for series, count in seen.items() if count < 10]
        assert not unseen, f"{figure['title']}: {seen}"


def test_a_run_of_one_call_has_its_dots(front, browser, lab):
    path = lab.path("one.html")
    assert load(front[0], "--html", path, calls=1).returncode == 0
    page = browser.open(path)
    for index, figure in enumerate(page.evaluate(FIGURES)):
        _, seen = seen_of(page, index, figure)
        assert seen and min(seen.values()) >= 10, f"{figure['title']}: {seen}"


def test_print_is_light_whatever_the_screen_is(story, browser):
    page = browser.open(story[1], dark=True, media="print")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


class Structure(html.parser.HTMLParser):
    """Finds elements that are not closed, or closed and never opened."""

    VOID = {"meta", "link"}

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.ids = [], [], []

    def handle_starttag(self, tag, attributes):
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_page_is_well_formed_and_its_ids_are_unique(story):
    structure = Structure()
    with open(story[1], encoding="utf-8") as file:
        structure.feed(file.read())
    assert structure.open == [] and structure.wrong == []
    assert len(structure.ids) == len(set(structure.ids)) > 20


HOSTILE = """</script><script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">"""


def test_what_a_backend_calls_itself_stays_text(browser, lab):
    port = free_port()
    command = [fairlead_binary(), "greeter", "--address", f"{HOST}:{port}", "--name", HOSTILE]
    child = lab.child(Child("hostile", command, lab.path("hostile.log")))
    child.wait_until(lambda: accepts_connections(port), 10, "it listens")
    path = lab.path("hostile.html")
    result = load(f"{HOST}:{port}", "--html", path, by="field:message", calls=100)
    assert result.returncode == 0, result.stderr
    page = browser.open(path)
    assert page.problems == [] and page.fetched == [f"file://{path}"]
    assert page.evaluate("window.harmed") is None
    assert page.evaluate("document.querySelectorAll('script, img').length") == 0
    # A long name keeps its end.
    assert 'window.harmed = 1">' in page.evaluate("document.body.textContent")
