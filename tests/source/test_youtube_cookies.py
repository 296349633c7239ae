"""The operator's cookies on their way from Settings to YouTube, and to nobody else."""

from __future__ import annotations

import pytest

from gravix_core.settings import Settings
from gravix_core.studio import Studio
from tests.simulators.youtube_scenario import Endpoint
from tests.source.houses import ID, SMALL, House

pytestmark = pytest.mark.slow

LINES = "".join(
    f".{site}\tTRUE\t/\tTRUE\t0\tNUMBER\tplanted\n"
    for site in ("youtube.com", "googlevideo.com", "bank.example")
)


@pytest.fixture
def studio(house: House, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio whose way to the network leads to the stand-in."""
    for name, value in house.site.environment().items():
        monkeypatch.setenv(name, value)
    return Studio.open(Settings.load(data_dir=house.root, env_file=None))


def test_cookies_of_settings_go_to_youtube_and_leave_no_copy(studio: Studio, house: House) -> None:
    house.site.add(SMALL)
    studio.downloader.cookies.use_file(LINES.encode())
    try:
        probe = studio.links.probe(ID)
    finally:
        studio.close()
    assert "NUMBER=planted" in house.site.asked(Endpoint.PLAYER)[0].cookie
    house.fetch(probe)
    assert not [one for one in house.site.asked(Endpoint.MEDIA) if "planted" in one.cookie]
    held = [
        file for file in house.root.rglob("*") if file.is_file() and b"planted" in file.read_bytes()
    ]
    assert [file.name for file in held] == ["youtube-cookies.txt"]


def test_without_a_choice_no_cookie_is_the_operators(studio: Studio, house: House) -> None:
    house.site.add(SMALL)
    studio.downloader.cookies.use_file(LINES.encode())
    studio.downloader.cookies.forget()
    try:
        studio.links.probe(ID)
    finally:
        studio.close()
    assert not [one for one in house.site.journal if "planted" in one.cookie]
