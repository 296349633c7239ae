"""What becomes of yt-dlp's answer: what is shown, what is kept, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gravix_core.errors import SourceRefused, TooLarge, YouTubeError
from gravix_core.model import LinkProbe
from gravix_core.stages.source.answers import link_probe, refuse_live, refuse_size
from gravix_core.store.documents import link_probe as from_document
from gravix_core.store.documents import probe_document

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PICTURE = {
    "format_id": "137", "vcodec": "avc1", "acodec": "none", "width": 1920, "height": 1080,
    "filesize": 7_000, "url": "https://media/137", "cookies": "planted",
}  # fmt: skip
SOUND = {"format_id": "140", "vcodec": "none", "acodec": "mp4a", "filesize": 3_000, "url": "s"}
STILLS = {"format_id": "sb0", "vcodec": "none", "acodec": "none", "width": 5000, "height": 5000}
BOTH = {"format_id": "18", "vcodec": "avc1", "acodec": "mp4a", "width": 640, "height": 360}


def answer(*formats: dict[str, Any], **more: Any) -> dict[str, Any]:
    chosen = "+".join(one["format_id"] for one in formats if one is not STILLS)
    told = {
        "id": "dQw4w9WgXcQ",
        "title": "T",
        "format_id": chosen,
        "formats": [STILLS, *formats],
        "requested_formats": list(formats),
        "duration": 60,
    }
    return {**told, **more}


def probed(*formats: dict[str, Any], warnings: tuple[str, ...] = (), **more: Any) -> LinkProbe:
    return link_probe(answer(*formats, **more), warnings=warnings, now=NOON)


def test_stills_are_no_picture_on_offer() -> None:
    probe = probed(PICTURE, SOUND)
    assert (probe.width, probe.height, probe.byte_size) == (1920, 1080, 10_000)


def test_an_upright_picture_is_not_low() -> None:
    probe = probed({**PICTURE, "width": 1080, "height": 1920}, SOUND)
    assert (probe.width, probe.height, probe.notes) == (1080, 1920, ())


def test_a_size_that_is_known_in_part_is_not_known() -> None:
    assert probed(PICTURE, {**SOUND, "filesize": None}).byte_size is None


def test_only_the_chosen_formats_are_kept_without_cookies_and_come_back_from_the_store() -> None:
    probe = probed(PICTURE, SOUND, automatic_captions={"en": []}, heatmap=[1] * 1000)
    document = probe_document(probe)
    assert [one["format_id"] for one in probe.info["formats"]] == ["137", "140"]
    assert "planted" not in document
    assert len(document) < 2000
    assert from_document(document, NOON) == probe


@pytest.mark.parametrize(
    ("warnings", "why"),
    [
        (("No supported JavaScript runtime could be found",), "challenge could not be solved"),
        (("n challenge solving failed: Some formats may be missing",), "doctor"),
        ((), "holds the better ones back"),
    ],
)
def test_a_single_low_format_is_told_with_its_reason(warnings: tuple[str, ...], why: str) -> None:
    (note,) = probed(BOTH, warnings=warnings).notes
    assert note.startswith("Only 360 lines are on offer: ")
    assert why in note


def test_a_video_that_was_uploaded_low_is_not_blamed_on_youtube() -> None:
    (note,) = probed({**PICTURE, "height": 240, "width": 426}, SOUND).notes
    assert note == "Only 240 lines are on offer: that is how the video was uploaded."


@pytest.mark.parametrize(
    ("status", "code"),
    [("is_live", "live"), ("is_upcoming", "upcoming"), ("post_live", "post_live")],
)
def test_what_is_no_recording_is_refused(status: str, code: str) -> None:
    told = answer(PICTURE, live_status=status, release_timestamp=NOON.timestamp() + 7200)
    with pytest.raises(YouTubeError) as caught:
        refuse_live(told, now=NOON)
    assert caught.value.code == code
    assert ("starts in 2 hours" in str(caught.value)) == (code == "upcoming")


@pytest.mark.parametrize("status", ["not_live", "was_live", None])
def test_recordings_are_taken(status: str | None) -> None:
    refuse_live(answer(PICTURE, live_status=status), now=NOON)


@pytest.mark.parametrize(
    ("duration", "error", "said"),
    [
        (2.5, SourceRefused, "lasts 2.5 s"),
        (3601, SourceRefused, "lasts 1:00:01, and 1:00:00 is the most"),
    ],
)
def test_length_is_bounded(duration: float, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        refuse_size(probed(PICTURE, duration=duration), max_duration=3600, max_bytes=10**6)


def test_size_is_bounded() -> None:
    with pytest.raises(TooLarge) as caught:
        refuse_size(probed(PICTURE), max_duration=3600, max_bytes=6_999)
    assert "GRAVIX_MAX_DOWNLOAD_BYTES" in caught.value.hint


def test_what_is_not_known_is_no_reason_to_refuse() -> None:
    unknown = probed({**PICTURE, "filesize": None}, duration=None)
    refuse_size(unknown, max_duration=3600, max_bytes=1)
