"""What the rules stand on: boxes of an mp4, and key frames that close their group."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.media.boxes import read_boxes
from gravix_core.media.nal import is_idr
from gravix_core.model import AcceptReport, RuleLevel, RuleResult

calm = settings(deadline=None)
"""A busy machine is no failure."""

H264_IDR, H264_SLICE, H264_SPS, H264_SEI = 0x65, 0x41, 0x67, 0x06
HEVC_IDR, HEVC_CRA, HEVC_SPS = 19 << 1, 21 << 1, 33 << 1


def unit(head: int, length: int = 40) -> bytes:
    """One unit behind its length; the filling looks like nothing."""
    return length.to_bytes(4, "big") + bytes([head]) + b"\xaa" * (length - 1)


def coded(*heads: int) -> bytes:
    return b"".join(b"\0\0\0\1" + bytes([head]) + b"\xaa" * 40 for head in heads)


def box(kind: str, body: bytes = b"") -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind.encode() + body


@pytest.mark.parametrize("length", range(256, 512))
def test_a_length_that_looks_like_a_start_code_is_a_length(length: int) -> None:
    """256 to 511 are written 00 00 01 xx."""
    assert is_idr(unit(H264_IDR, length), "h264")
    assert not is_idr(unit(H264_SLICE, length), "h264")
    assert is_idr(unit(HEVC_IDR, length), "hevc")
    assert not is_idr(unit(HEVC_CRA, length), "hevc")


@calm
@given(st.lists(st.integers(1, 70_000), min_size=1, max_size=3))
def test_what_comes_before_the_picture_does_not_decide(lengths: list[int]) -> None:
    heads = b"".join(unit(H264_SEI, length) for length in lengths)
    assert is_idr(heads + unit(H264_IDR), "h264")
    assert not is_idr(heads + unit(H264_SLICE), "h264")


def test_start_codes_are_read_too() -> None:
    assert is_idr(coded(H264_SPS, H264_IDR), "h264")
    assert not is_idr(coded(H264_SPS, H264_SLICE), "h264")
    assert is_idr(coded(HEVC_SPS, HEVC_IDR), "hevc")
    assert not is_idr(coded(HEVC_SPS, HEVC_CRA), "hevc")


@pytest.mark.parametrize("packet", [b"", b"\0", b"\0\0\0\1", b"\0\0\1", b"\xff" * 9])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_packet_without_a_picture_opens_nothing(packet: bytes, codec: str) -> None:
    assert is_idr(packet, codec)


def test_a_codec_with_one_kind_of_key_frame_is_closed() -> None:
    assert is_idr(unit(H264_SLICE), "vp9")


def test_boxes_are_told_in_order(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(box("ftyp", b"isom") + box("moov") + box("free") + box("mdat", b"12345"))
    found = read_boxes(file)
    assert (found.brand, found.order) == ("isom", ("ftyp", "moov", "free", "mdat"))
    assert found.moov_first


def test_an_index_behind_the_media_or_none_is_not_first(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(box("ftyp", b"isom") + box("mdat") + box("moov"))
    assert not read_boxes(file).moov_first
    file.write_bytes(box("ftyp", b"isom") + box("mdat"))
    assert not read_boxes(file).moov_first


def test_edit_lists_are_counted_where_tracks_have_them(tmp_path: Path) -> None:
    track = box("trak", box("edts", box("elst", b"\0" * 12)))
    file = tmp_path / "a.mp4"
    file.write_bytes(box("ftyp", b"mp42") + box("moov", track + track) + box("mdat", b"elst"))
    assert read_boxes(file).edit_lists == 2


def test_large_boxes_and_one_to_the_end_of_the_file_are_stepped_over(tmp_path: Path) -> None:
    large = b"\0\0\0\1mdat" + (16 + 9).to_bytes(8, "big") + b"x" * 9
    open_ended = b"\0\0\0\0free" + b"moov" * 9
    file = tmp_path / "a.mp4"
    file.write_bytes(box("ftyp", b"qt  ") + large + open_ended)
    found = read_boxes(file)
    assert (found.brand, found.order) == ("qt", ("ftyp", "mdat", "free"))


@calm
@given(content=st.binary(max_size=200))
def test_no_file_is_too_strange_to_be_walked(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "strange.mp4"
    file.write_bytes(content)
    assert read_boxes(file).edit_lists >= 0


def test_a_file_of_another_kind_has_no_boxes(tmp_path: Path) -> None:
    file = tmp_path / "a.mkv"
    file.write_bytes(b"\x1a\x45\xdf\xa3" + b"moovmdat" * 20)
    assert read_boxes(file).order == ()


def test_one_broken_rule_is_enough_and_a_warning_is_not() -> None:
    fine, doubt, broken = (RuleResult("r", level, "f", "e") for level in RuleLevel)
    assert AcceptReport((fine, doubt)).accepted
    assert not AcceptReport((fine, doubt, broken)).accepted
