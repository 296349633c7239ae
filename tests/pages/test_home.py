"""Home, drawn over a real database: empty, filled, and when the database cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import GravixError, StoreTooNew
from gravix_core.model import Span, VideoStatus
from gravix_core.store.store import Store
from gravix_core.studio import Studio, close_shared_studio, shared_studio

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "gravix_ui" / "main.py"
ALL_NUMBERS = ["Videos", "Reels", "Rendered", "To review", "Approved", "Jobs active"]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory, and no studio from a test before."""
    monkeypatch.setenv("GRAVIX_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{(tmp_path / 'gravix.db').as_posix()}")
    monkeypatch.setenv("VIDEOS_DIR", str(tmp_path / "videos"))
    close_shared_studio()
    yield tmp_path
    close_shared_studio()


@pytest.fixture
def page(house: Path) -> AppTest:
    return AppTest.from_file(MAIN, default_timeout=30)


def fill(house: Path, title: str = "Bridges", state: VideoStatus = VideoStatus.PENDING) -> None:
    store = Store.open(f"sqlite:///{(house / 'gravix.db').as_posix()}", house / "videos")
    with store.begin() as tx:
        video = tx.videos.add(
            title=title,
            source_name="bridges.mp4",
            source_sha256="0" * 64,
            layout="auto",
            chunk_duration=35,
        )
        tx.videos.set_status(video.id, state)
        spans = [Span(0, 35), Span(35, 60)]
        tx.reels.plan(video.id, spans, spans)
    store.close()


def numbers(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def text(page: AppTest) -> str:
    shown = [*page.markdown, *page.error, *page.exception, *page.code, *page.caption]
    return "\n".join(str(element.value) for element in shown)


def test_empty_home_says_how_to_start(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert numbers(page) == dict.fromkeys(ALL_NUMBERS, "0")
    assert [code.value for code in page.code] == [
        "make demo",
        ".venv/bin/python -m gravix_core process talk.mp4",
    ]
    assert not page.dataframe


def test_filled_home_counts_and_lists(page: AppTest, house: Path) -> None:
    fill(house)
    fill(house, "Kitchen", VideoStatus.COMPLETED)
    page.run()
    assert not page.exception
    assert numbers(page) | {"Videos": "2", "Reels": "4", "Rendered": "0"} == numbers(page)
    table = page.dataframe[0].value
    assert list(table["Title"]) == ["Kitchen", "Bridges"]
    assert list(table["State"]) == ["Ready", "Waiting"]
    assert list(table["Length"]) == ["–", "–"]
    assert [code.value for code in page.code] == [
        ".venv/bin/python -m gravix_core process talk.mp4"
    ]


@pytest.mark.parametrize(
    ("named", "meant"), [("Asia/Tokyo", "Asia/Tokyo"), ("../etc", "UTC"), (None, "UTC")]
)
def test_times_are_those_of_the_browser(
    page: AppTest, house: Path, named: str | None, meant: str
) -> None:
    fill(house)
    page.context["timezone"] = named
    page.run()
    added = page.dataframe[0].value["Added"].iloc[0]
    now = datetime.now(ZoneInfo(meant))
    assert added.utcoffset() == now.utcoffset()
    assert abs((now - added).total_seconds()) < 60


def test_title_falls_back_to_the_name_of_the_file(page: AppTest, house: Path) -> None:
    fill(house, title="")
    page.run()
    assert list(page.dataframe[0].value["Title"]) == ["bridges.mp4"]


def test_error_of_the_studio_is_shown_with_its_hint(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Studio:
        raise StoreTooNew("/srv/gravix/gravix.db is *newer* than this Gravix")

    monkeypatch.setattr("gravix_ui.session.studio", broken)
    page.run()
    assert not page.exception
    assert not page.metric
    assert page.error[0].value == (
        f"gravix\\.db is \\*newer\\* than this Gravix\n\n**What to do:** {StoreTooNew.hint}"
    )


def test_database_of_a_stranger_is_an_error_without_a_trace(page: AppTest, house: Path) -> None:
    (house / "gravix.db").write_text("no database at all, " * 100)
    page.run()
    assert not page.exception
    assert len(page.error) == 1
    assert "What to do" in page.error[0].value
    assert "Traceback" not in text(page)
    assert str(house) not in text(page)


def test_every_page_uses_the_one_studio(page: AppTest) -> None:
    page.run()
    first = shared_studio()
    page.run()
    assert shared_studio() is first


def test_bug_is_no_message_to_the_operator(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def buggy() -> Studio:
        raise ZeroDivisionError

    monkeypatch.setattr("gravix_ui.session.studio", buggy)
    page.run()
    assert page.exception
    assert not page.error


def test_hint_of_a_bare_error_is_shown_too(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Studio:
        raise GravixError("something", hint="Look into /var/log/gravix.log.")

    monkeypatch.setattr("gravix_ui.session.studio", broken)
    page.run()
    assert page.error[0].value == "something\n\n**What to do:** Look into gravix.log."
