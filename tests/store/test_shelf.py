"""Labels of files survive moves, links and detours."""

from __future__ import annotations

from pathlib import Path

import pytest

from gravix_core.store.shelf import Shelf


def test_file_inside_is_labelled_relative_with_slashes(tmp_path: Path) -> None:
    assert Shelf(tmp_path).label(tmp_path / "7" / "source.mp4") == "7/source.mp4"


def test_file_reached_through_a_link_to_the_shelf_is_inside(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    assert Shelf(tmp_path / "link").label(tmp_path / "disk" / "a.mp4") == "a.mp4"
    assert Shelf(tmp_path / "disk").label(tmp_path / "link" / "a.mp4") == "a.mp4"


def test_detour_out_of_the_shelf_is_outside(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "videos")
    label = shelf.label(tmp_path / "videos" / ".." / "film.mp4")
    assert shelf.file(label).resolve() == (tmp_path / "film.mp4").resolve()
    assert Path(label).is_absolute()


def test_file_named_from_the_current_folder_comes_back_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shelf = Shelf(tmp_path / "videos")
    assert shelf.file(shelf.label(Path("videos/a.mp4"))) == tmp_path / "videos" / "a.mp4"
    assert shelf.file(shelf.label(Path("film.mp4"))) == tmp_path / "film.mp4"
