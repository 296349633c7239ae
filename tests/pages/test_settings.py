"""Settings, drawn over a real studio: what is set, what is missing, what it takes of the disk."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import StoreTooNew
from gravix_core.studio import Studio
from tests.pages.houses import page_of, text_of

SECRETS = {
    "GEMINI_API_KEY": "sekret-gemini",
    "FACEBOOK_APP_ID": "12345",
    "FACEBOOK_APP_SECRET": "sekret-facebook",
}


@pytest.fixture
def page(house: Path) -> AppTest:
    return page_of("settings")


def told(page: AppTest) -> str:
    """All that the page says, tables and numbers too."""
    tables = [table.value.to_string() for table in page.table]
    numbers = [f"{metric.label} {metric.value}" for metric in page.metric]
    boxes = [box.value for box in (*page.success, *page.warning)]
    return "\n".join([text_of(page), *tables, *numbers, *boxes])


def test_a_fresh_install_lacks_nothing(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert not page.error
    assert page.success[0].value == "Nothing that Gravix needs is missing."


def test_what_is_not_set_says_what_that_means(page: AppTest) -> None:
    said = told(page.run())
    assert "Not set\\. Nothing to do\\: text is written without it" in said
    assert "Needed to connect Instagram" in said


def test_what_is_set_is_called_so_and_never_shown(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    said = told(page.run())
    assert "Not set" not in said
    assert not [value for value in SECRETS.values() if value in said]


def test_every_value_names_the_variable_that_changes_it(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUNK_DURATION", "42.5")
    monkeypatch.setenv("GRAVIX_WORKERS", "7")
    monkeypatch.setenv("GRAVIX_MAX_UPLOAD_MB", "2048")
    table = page.run().table[0].value
    values = dict(zip(table["Changed by"], table["Value"], strict=True))
    assert (values["CHUNK_DURATION"], values["GRAVIX_WORKERS"]) == ("42.5", "7 jobs")
    assert values["GRAVIX_MAX_UPLOAD_MB"] == "2,048 MB"


def test_no_folder_of_the_server_is_shown(page: AppTest, house: Path) -> None:
    said = told(page.run())
    assert str(house.parent) not in said
    assert house.name in said.replace("\\", "")


def test_a_missing_ffmpeg_is_an_error_with_what_to_do(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FFMPEG_PATH", "/nonexistent/ffmpeg")
    said = page.run().error[0].value
    assert "**ffmpeg**" in said
    assert "leave it empty to use the ffmpeg that comes along" in said
    assert "nonexistent" not in told(page)


def test_a_folder_that_takes_nothing_is_a_warning(
    page: AppTest, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house / "a-file").touch()
    monkeypatch.setenv("GRAVIX_FOLDER_DIR", str(house / "a-file"))
    said = told(page.run())
    assert ":orange[:material/warning:] **Folder for approved reels**" in said
    assert not page.error


def test_its_own_port_is_not_complained_about(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("API_PORT", str(server.getsockname()[1]))
        assert "in use" not in told(page.run())


def test_the_disk_is_counted_by_what_lies_there(page: AppTest, house: Path) -> None:
    (house / "videos/1/reels").mkdir(parents=True)
    (house / "videos/1/source.mp4").write_bytes(b"x" * 3_000_000)
    (house / "videos/1/reels/1.mp4").write_bytes(b"x" * 2_000_000)
    numbers = {metric.label: metric.value for metric in page.run().metric}
    assert (numbers["Sources"], numbers["Reels"]) == ("3.0 MB", "2.0 MB")
    assert set(numbers) == {"Sources", "Reels", "Previews", "Uploads", "Database", "Free"}


def test_versions_and_licences_are_named(page: AppTest) -> None:
    page.run()
    table = page.table[1].value
    named = dict(zip(table["What"], table["Version"], strict=True))
    assert {"gravix", "python", "streamlit", "sqlalchemy", "av", "ffmpeg"} <= set(named)
    assert named["gravix"] != "unknown"
    assert "MIT licence" in text_of(page)


def test_a_studio_that_cannot_be_had_is_a_sentence(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Studio:
        raise StoreTooNew("gravix.db is newer than this Gravix")

    monkeypatch.setattr("gravix_ui.session.studio", broken)
    page.run()
    assert not page.exception
    assert StoreTooNew.hint in page.error[0].value
