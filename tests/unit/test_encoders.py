"""The table of encoders, and what is decided without starting one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gravix_core.errors import (
    Cancelled,
    DiskFull,
    NotAccepted,
    SettingsError,
    ToolFailed,
    ToolMissing,
)
from gravix_core.stages.render.encoders import (
    HARDWARE,
    VAAPI,
    WISHES,
    X264,
    Encoder,
    choose_encoder,
    codec_words,
    is_encoder_fault,
)

NOWHERE = Path("/no/such/ffmpeg")
EVERY = (X264, *HARDWARE.values())


@pytest.mark.parametrize("encoder", EVERY, ids=lambda one: one.name)
def test_every_encoder_writes_high_profile_h264(encoder: Encoder) -> None:
    words = encoder.codec
    assert "264" in words[words.index("-c:v") + 1]
    assert words[words.index("-profile:v") + 1] == "high"


@pytest.mark.parametrize("encoder", HARDWARE.values(), ids=lambda one: one.name)
def test_every_hardware_encoder_is_asked_for_closed_groups(encoder: Encoder) -> None:
    assert encoder.codec[encoder.codec.index("-flags") + 1] == "+cgop"


@pytest.mark.parametrize("encoder", EVERY, ids=lambda one: one.name)
def test_pixels_are_named_by_the_codec_or_by_the_upload(encoder: Encoder) -> None:
    assert ("-pix_fmt" in encoder.codec) != bool(encoder.upload)


def test_only_an_upload_needs_a_device_before_the_input() -> None:
    assert [one for one in EVERY if one.before] == [one for one in EVERY if one.upload] == [VAAPI]


def test_no_two_encoders_share_a_name_or_a_label() -> None:
    assert len({one.name for one in EVERY}) == len({one.label for one in EVERY}) == len(EVERY)
    assert set(WISHES) == {"auto", *(one.name for one in EVERY)}


def test_target_rates_stay_below_the_cap_of_the_longest_reel() -> None:
    targets = [one.codec[one.codec.index("-b:v") + 1] for one in EVERY if "-b:v" in one.codec]
    assert set(targets) == {"0", "6M"}


def test_codec_words_cap_the_rate_and_set_a_key_frame_every_two_seconds() -> None:
    words = codec_words(X264, bit_rate=12_000_000, fps=30)
    assert words[: len(X264.codec)] == X264.codec
    given = dict(zip(words[::2], words[1::2], strict=True))
    assert (given["-maxrate"], given["-bufsize"]) == ("12000000", "24000000")
    assert (given["-r"], given["-g"]) == ("30", "60")


def test_x264_is_chosen_without_starting_a_program() -> None:
    assert choose_encoder("x264", ffmpeg=NOWHERE) is X264


@pytest.mark.parametrize("wish", ["", "h264_nvenc", "NVENC", "software"])
def test_an_unknown_name_is_refused_with_the_names_there_are(wish: str) -> None:
    with pytest.raises(SettingsError, match="GRAVIX_ENCODER") as caught:
        choose_encoder(wish, ffmpeg=NOWHERE)
    assert all(name in caught.value.hint for name in WISHES)


@pytest.mark.parametrize("wish", ["auto", "nvenc"])
def test_an_ffmpeg_that_is_not_there_is_not_the_fault_of_the_encoder(wish: str) -> None:
    with pytest.raises(ToolMissing):
        choose_encoder(wish, ffmpeg=NOWHERE)


@pytest.mark.parametrize("error", [ToolFailed("it hung"), NotAccepted("too many bits")])
def test_a_failure_with_hardware_at_work_is_tried_again_in_software(
    error: ToolFailed | NotAccepted,
) -> None:
    assert all(is_encoder_fault(error, one) for one in HARDWARE.values())
    assert not is_encoder_fault(error, X264)


@pytest.mark.parametrize("error", [DiskFull("full"), ToolMissing("gone"), SettingsError("bad")])
def test_what_software_cannot_mend_either_is_not_tried_again(
    error: DiskFull | ToolMissing | SettingsError,
) -> None:
    assert not any(is_encoder_fault(error, one) for one in EVERY)


def test_cancel_is_no_error_at_all() -> None:
    assert not isinstance(Cancelled("stop"), ToolFailed | NotAccepted)
