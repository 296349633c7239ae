"""Times the dashboard in a real browser over many videos; writes JSON and a Markdown table.

    python -m benchmarks.ui [--videos 500] [--reels 20] [--runs 5] [--upload 1024]

Seconds include Chromium's own work, so whatever else the machine does changes them: the load
before it began stands beside them.  Memory and CPU time are the server's alone.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sqlalchemy import update

from benchmarks.browse import chromium, click, opened, play_all, settled
from benchmarks.fill import Amount, fill
from benchmarks.server import Server, dashboard, stock_uploader
from gravix_core.model import JobStatus
from gravix_core.store.engine import parse, pooled
from gravix_core.store.tables import JobRow

RESULTS = Path(__file__).resolve().parent / "results"
PREVIEWS, RELOADS = 50, 20
RERUNS, CLICKS = 20, 10
TABS, WATCHED = 3, 20.0
"""How many tabs are open while the CPU is watched, and for how many seconds."""
MB = 1024 * 1024
FAR = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that was measured some times."""

    what: str
    unit: str
    runs: tuple[float, ...]
    promise: float | None = None
    """The median is at most so much."""


def main() -> None:
    options = _options()
    amount = Amount(options.videos, options.reels)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        url = fill(data, amount)
        measures = tuple(_measures(data, url, options))
    document = _document(options, amount, measures, load=load)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ui.json").write_text(json.dumps(document, indent=2) + "\n")
    (RESULTS / "ui.md").write_text(_table(document))
    print(_table(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time the dashboard.")
    parser.add_argument("--videos", type=int, default=500)
    parser.add_argument("--reels", type=int, default=20, help="of each video")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--upload", type=int, default=1024, help="MB")
    return parser.parse_args()


def _measures(data: Path, url: str, options: argparse.Namespace) -> Iterator[Measure]:
    with sync_playwright() as playwright:
        yield _told(_starts(data, runs=options.runs))
        with dashboard(data) as server:
            yield _told(_first_pages(playwright, server, runs=options.runs))
            browser = chromium(playwright)
            for measure in _of_review(browser, server):
                yield _told(measure)
            for measure in _of_idle_tabs(browser, server, url):
                yield _told(measure)
            yield _told(_upload(server, options.upload))
        with tempfile.TemporaryDirectory() as folder, stock_uploader(Path(folder)) as server:
            yield _told(_stock_upload(browser, server, Path(folder), options.upload))
        browser.close()


def _told(measure: Measure) -> Measure:
    print(f"{measure.what}: {statistics.median(measure.runs):.2f} {measure.unit}", flush=True)
    return measure


def _starts(data: Path, *, runs: int) -> Measure:
    found = []
    for _ in range(runs):
        with dashboard(data) as server:
            found.append(server.healthy_after)
    return Measure("start to health", "s", tuple(found))


def _first_pages(playwright: Playwright, server: Server, *, runs: int) -> Measure:
    found = []
    for _ in range(runs):
        browser = chromium(playwright)
        with opened(browser, server.url) as page:
            found.append(settled(page))
        browser.close()
    return Measure("first usable page, fresh Chromium", "s", tuple(found))


def _of_review(browser: Browser, server: Server) -> Iterator[Measure]:
    with opened(browser, f"{server.url}/review") as page:
        before = server.memory()
        reruns = [click(page, "reel-again") for _ in range(1 + RERUNS)][1:]
        yield Measure("full rerun of Review, 12 cards", "s", tuple(reruns), promise=1)
        yield Measure("click on Approve to its answer", "s", tuple(_verdicts(page)))
        yield Measure("memory with Review open", "MB", (before,))
        _play_many(page, f"{server.url}/review?state=all")
        for _ in range(RELOADS):
            page.reload()
            settled(page)
        after = server.memory()
        what = f"memory after {PREVIEWS} previews and {RELOADS} reloads"
        yield Measure(what, "MB", (after,))
        yield Measure("memory that these have cost", "MB", (after - before,))


def _verdicts(page: Page) -> Iterator[float]:
    """Approve one reel after the other."""
    shown = page.locator("[class*=st-key-approve-]")
    classes = [str(shown.nth(n).get_attribute("class")) for n in range(shown.count())]
    ids = re.findall(r"st-key-approve-(\d+)", " ".join(classes))
    for reel in ids[:CLICKS]:
        yield click(page, f"approve-{reel}", part=f".st-key-reel-{reel}", word="Approved")


def _play_many(page: Page, address: str) -> None:
    played, number = 0, 0
    while played < PREVIEWS:
        number += 1
        page.goto(f"{address}&page={number}")
        settled(page)
        found = play_all(page)
        if not found:
            raise SystemExit("Review shows no videos")
        played += found


def _of_idle_tabs(browser: Browser, server: Server, url: str) -> Iterator[Measure]:
    """What tabs cost in which nobody does anything, per tab."""
    yield _per_tab("idle tab of Review", browser, server, "review")
    yield _per_tab("idle tab of Activity", browser, server, "activity")
    _run_for_ever(url)
    yield _per_tab("tab of Activity while a job runs", browser, server, "activity")


def _per_tab(what: str, browser: Browser, server: Server, page: str) -> Measure:
    without = server.cpu_share(WATCHED)
    with ExitStack() as tabs:
        for _ in range(TABS):
            tabs.enter_context(opened(browser, f"{server.url}/{page}"))
        with_tabs = server.cpu_share(WATCHED)
    return Measure(f"CPU per {what}", "% of a core", ((with_tabs - without) / TABS,))


def _run_for_ever(url: str) -> None:
    """Let a job look as if another machine had it in hand: pages follow it at no other cost."""
    engine = pooled(parse(url))
    held = {"status": JobStatus.PROCESSING, "owner": "elsewhere/1", "lease_until": FAR}
    with engine.begin() as connection:
        connection.execute(update(JobRow).where(JobRow.id == 1).values(**held))
    engine.dispose()


def _upload(server: Server, megabytes: int) -> Measure:
    path = f"/api/uploads/{'0' * 32}/film.mp4"
    with server.memory_watched() as seen:
        connection = http.client.HTTPConnection("localhost", server.port)
        headers = {"Content-Length": str(megabytes * MB)}
        connection.request("PUT", path, body=(bytes(MB) for _ in range(megabytes)), headers=headers)
        if connection.getresponse().status >= 300:
            raise SystemExit("the upload was refused")
    return Measure(f"memory for an upload of {megabytes} MB", "MB", (max(seen) - seen[0],))


def _stock_upload(browser: Browser, server: Server, folder: Path, megabytes: int) -> Measure:
    film = folder / "film.bin"
    with film.open("wb") as file:
        file.truncate(megabytes * MB)
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.url)
    page.get_by_text("nothing yet").wait_for()
    with server.memory_watched() as seen:
        page.locator("input[type=file]").set_input_files(film)
        page.get_by_text(f"{megabytes * MB} bytes").wait_for(timeout=600_000)
    context.close()
    what = f"memory for the same in st.file_uploader, {megabytes} MB"
    return Measure(what, "MB", (max(seen) - seen[0],))


def _document(
    options: argparse.Namespace, amount: Amount, measures: Sequence[Measure], *, load: float
) -> dict[str, Any]:
    return {
        "command": f"python -m benchmarks.ui --videos {amount.videos} --reels {amount.reels}"
        f" --runs {options.runs} --upload {options.upload}",
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "load": load},
        "videos": amount.videos,
        "reels": amount.videos * amount.reels,
        "measures": [_summary(measure) for measure in measures],
    }


def _summary(measure: Measure) -> dict[str, Any]:
    median = statistics.median(measure.runs)
    return {
        "what": measure.what,
        "unit": measure.unit,
        "n": len(measure.runs),
        "min": round(min(measure.runs), 3),
        "median": round(median, 3),
        "max": round(max(measure.runs), 3),
        "promise": measure.promise,
        "kept": None if measure.promise is None else median <= measure.promise,
        "runs": [round(run, 3) for run in measure.runs],
    }


def _table(document: Mapping[str, Any]) -> str:
    lines = [
        "# The dashboard",
        "",
        f"`{document['command']}`, {document['machine']['cores']} cores,"
        f" {document['videos']:,} videos with {document['reels']:,} reels,"
        f" load {document['machine']['load']:.1f} before it began.",
        "",
        "| what | min | median | max | n | unit | promised |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *map(_row, document["measures"])]) + "\n"


def _row(one: Mapping[str, Any]) -> str:
    promised = "" if one["promise"] is None else f"at most {one['promise']:g}"
    missed = ", **missed**" if one["kept"] is False else ""
    return (
        f"| {one['what']} | {one['min']:.2f} | {one['median']:.2f} | {one['max']:.2f} | {one['n']}"
        f" | {one['unit']} | {promised}{missed} |"
    )


if __name__ == "__main__":
    main()
