"""Every way in which YouTube refuses, by the real library in its process: name, class, sentence.

The rows run side by side, each on a video of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from gravix_core.errors import GravixError, SourceError
from gravix_core.model import Unwatched
from tests.simulators.youtube import youtube_stand_in
from tests.simulators.youtube_films import Films
from tests.simulators.youtube_scenario import Endpoint, Scenario
from tests.simulators.youtube_table import REFUSALS
from tests.source.houses import SMALL, House

pytestmark = pytest.mark.slow

TAKEN = ""
"""Nothing is wrong."""
REFUSED = {
    "bot_check": ("bot_check", "action"),
    "captcha": ("captcha", "action"),
    "rate_limited": ("rate_limited", "wait"),
    "age": ("age", "action"),
    "private": ("private", "permanent"),
    "removed": ("removed", "permanent"),
    "terminated": ("removed", "permanent"),
    "unavailable": ("unavailable", "permanent"),
    "copyright": ("geo", "permanent"),
    "geo": ("geo", "permanent"),
    "members": ("members", "action"),
    "paid": ("paid", "permanent"),
    "premiere": ("upcoming", "wait"),
    "upcoming": ("upcoming", "wait"),
    "live": ("live", "action"),
    "just_ended": ("post_live", "wait"),
    "was_live": (TAKEN, TAKEN),
    "drm": ("drm", "permanent"),
    "no_format": ("no_format", "action"),
    "swapped": ("blocked", "action"),
}
OF_PAGE = dict.fromkeys((403, 404, 410, 429, 500), (TAKEN, TAKEN))
"""The other clients still answer."""
OF_PLAYER = {
    403: ("blocked", "action"),
    404: ("extractor", "action"),
    410: ("extractor", "action"),
    429: ("rate_limited", "wait"),
    500: ("network", "retry"),
    503: ("network", "retry"),
}
ROWS = {
    **REFUSED,
    **{f"page {status}": fault for status, fault in OF_PAGE.items()},
    **{f"player {status}": fault for status, fault in OF_PLAYER.items()},
}
LONGEST = 30.0


@pytest.fixture(scope="module")
def answers(
    films: Films, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    root = tmp_path_factory.mktemp("faults")
    with youtube_stand_in(root / "site", films) as site, ThreadPoolExecutor(3) as pool:
        house = House(site, films, root / "house", {})
        ids = {row: f"row{number:08}" for number, row in enumerate(ROWS)}
        for row, video_id in ids.items():
            site.add(_scenario(row, video_id))
        for row in ROWS.keys() - REFUSED.keys():
            name, status = row.split()
            site.fail(Endpoint(name), status=int(status), video_id=ids[row])
        yield {row: pool.submit(_probe(house, video_id)) for row, video_id in ids.items()}
        pool.shutdown()
        assert site.refused == ()


def _scenario(row: str, video_id: str) -> Scenario:
    refusal = REFUSALS[row].fields if row in REFUSALS else {}
    return replace(SMALL, **{**refusal, "id": video_id})


def _probe(house: House, video_id: str) -> Callable[[], None]:
    def probe() -> None:
        house.youtube().probe(video_id, watch=Unwatched())

    return probe


def error(answers: dict[str, Future[None]], row: str) -> SourceError | None:
    found = answers[row].exception(LONGEST)
    assert found is None or isinstance(found, SourceError), found
    return found


@pytest.mark.parametrize("row", ROWS)
def test_every_refusal_has_its_name_and_class(answers: dict[str, Future[None]], row: str) -> None:
    found = error(answers, row)
    assert (getattr(found, "code", TAKEN), getattr(found, "kind", TAKEN)) == ROWS[row]


def test_every_row_of_the_stand_in_is_here() -> None:
    assert REFUSED.keys() == REFUSALS.keys()


def test_what_is_to_wait_says_how_long(answers: dict[str, Future[None]]) -> None:
    for row in (row for row, (_, kind) in ROWS.items() if kind == "wait"):
        found = error(answers, row)
        assert found is not None, row
        assert found.retryable
        assert found.retry_after, row


def test_a_premiere_says_when_it_starts_exactly(answers: dict[str, Future[None]]) -> None:
    """The page says "in 3 hours"; the time stamp of the stand-in is of 24 December."""
    found = error(answers, "premiere")
    assert "starts in" in str(found)
    assert "3 hours" not in str(found)


def test_countries_are_listed(answers: dict[str, Future[None]]) -> None:
    assert "US, NG" in str(error(answers, "geo"))


def test_uploading_the_file_is_offered_on_every_one(answers: dict[str, Future[None]]) -> None:
    errors = [found for row in ROWS if (found := error(answers, row))]
    assert all("upload the file" in found.hint for found in errors)


def test_neither_errors_nor_the_log_hold_addresses_or_paths(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    probe = house.known()
    house.site.fail(Endpoint.MEDIA, status=403)
    house.site.fail(Endpoint.CAPTIONS, status=429)
    house.site.fail(Endpoint.PICTURE, status=404)
    with pytest.raises(GravixError) as caught:
        house.fetch(probe)
    details = getattr(caught.value, "details", "")
    said = f"{caught.value} {caught.value.hint} {details} {caplog.text} {house.notes}"
    assert "forbidden" in said
    for secret in ("https://", "googlevideo", "timedtext", str(house.root), "itag"):
        assert secret not in said


def test_a_downloader_that_breaks_is_told_apart_from_youtube(house: House) -> None:
    with pytest.raises(SourceError) as caught:
        house.probe(SMALL, environ={"PYTHONHOME": str(house.root)})
    assert getattr(caught.value, "code", "") == "unknown"
