"""The desk of the downloader: one update at a time, whose state can always be read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gravix_core.desks.downloader import AGAIN, LINES, Downloader, UpdateState
from gravix_core.errors import Cancelled, StatusConflict, ToolFailed, YouTubeError
from gravix_core.model import Watch
from gravix_core.stages.source.downloader import Part, Update

OLD, NEW = (Part("yt-dlp", "2026.10.26"),), (Part("yt-dlp", "2026.12.1"),)
WITHIN = 10


@dataclass
class Pip:
    """Stands for the update: says something, then waits until it is told how it ends."""

    says: tuple[str, ...] = ("Collecting yt-dlp",)
    ends: Callable[[], Update] = lambda: Update(OLD, NEW)
    installed: tuple[Part, ...] = OLD
    at_work: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, *, on_line: Callable[[str], None], watch: Watch) -> Update:
        for line in self.says:
            on_line(line)
        self.at_work.set()
        while not self.go_on.wait(0.01):
            if watch.should_stop():
                raise Cancelled
        done = self.ends()
        self.installed = done.after
        return done


@pytest.fixture
def pip() -> Pip:
    return Pip()


@pytest.fixture
def desk(tmp_path: Path, pip: Pip) -> Iterator[Downloader]:
    desk = Downloader(tmp_path, updater=pip, parts=lambda: pip.installed)
    yield desk
    desk.close()


def run_to_the_end(desk: Downloader, pip: Pip) -> UpdateState:
    pip.go_on.set()
    desk.update()
    assert desk._thread is not None
    desk._thread.join(WITHIN)
    return desk.progress().state


def test_nothing_runs_by_itself(desk: Downloader, pip: Pip) -> None:
    assert desk.progress().state is UpdateState.NONE
    assert desk.parts() == OLD
    assert not desk.needs_restart()
    assert not pip.at_work.is_set()


def test_its_lines_are_there_while_it_runs(desk: Downloader, pip: Pip) -> None:
    desk.update()
    assert pip.at_work.wait(WITHIN)
    view = desk.progress()
    assert (view.state, view.lines) == (UpdateState.RUNNING, ("Collecting yt-dlp",))


def test_a_second_one_waits_for_the_first(desk: Downloader, pip: Pip) -> None:
    desk.update()
    assert pip.at_work.wait(WITHIN)
    with pytest.raises(StatusConflict, match="is being updated already"):
        desk.update()
    assert desk.progress().state is UpdateState.RUNNING


def test_what_it_changed_is_told_and_a_restart_asked_for(desk: Downloader, pip: Pip) -> None:
    assert run_to_the_end(desk, pip) is UpdateState.DONE
    assert desk.progress().changes == (("yt-dlp", "2026.10.26", "2026.12.1"),)
    assert desk.needs_restart()


def test_without_news_no_restart_is_asked_for(desk: Downloader, pip: Pip) -> None:
    pip.ends = lambda: Update(OLD, OLD)
    assert run_to_the_end(desk, pip) is UpdateState.DONE
    assert (desk.progress().changes, desk.needs_restart()) == ((), False)


def test_a_failure_is_told_with_its_hint(desk: Downloader, pip: Pip) -> None:
    def fail() -> Update:
        raise ToolFailed("it is as it was before: no network", hint="Try again.")

    pip.ends = fail
    assert run_to_the_end(desk, pip) is UpdateState.FAILED
    error = desk.progress().error
    assert error is not None
    assert (str(error), error.hint) == ("it is as it was before: no network", "Try again.")
    assert not desk.needs_restart()


def test_a_bug_is_a_failure_too_and_the_next_one_may_run(desk: Downloader, pip: Pip) -> None:
    def fail() -> Update:
        raise ZeroDivisionError

    pip.ends = fail
    assert run_to_the_end(desk, pip) is UpdateState.FAILED
    pip.ends = lambda: Update(OLD, NEW)
    assert run_to_the_end(desk, pip) is UpdateState.DONE


def test_it_can_be_stopped_and_begun_again(desk: Downloader, pip: Pip) -> None:
    desk.update()
    desk.close()
    assert desk.progress().state is UpdateState.STOPPED
    assert run_to_the_end(desk, pip) is UpdateState.DONE


def test_it_does_not_change_what_is_in_use(desk: Downloader, pip: Pip, tmp_path: Path) -> None:
    with desk.lent(tmp_path), desk.lent(tmp_path), pytest.raises(StatusConflict, match="at work"):
        desk.update()
    assert not pip.at_work.is_set()
    assert run_to_the_end(desk, pip) is UpdateState.DONE


def test_it_is_lent_again_when_a_run_has_failed(desk: Downloader, pip: Pip, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), desk.lent(tmp_path):
        raise ZeroDivisionError
    assert run_to_the_end(desk, pip) is UpdateState.DONE


def test_while_it_is_updated_nothing_is_brought_in(
    desk: Downloader, pip: Pip, tmp_path: Path
) -> None:
    desk.update()
    assert pip.at_work.wait(WITHIN)
    with pytest.raises(YouTubeError) as caught, desk.lent(tmp_path):
        pass
    assert (caught.value.retryable, caught.value.retry_after) == (True, AGAIN)


def test_cookies_come_with_it(desk: Downloader, tmp_path: Path) -> None:
    desk.cookies.use_browser("firefox")
    with desk.lent(tmp_path) as handed:
        assert handed.browser == "firefox"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Requirement already satisfied: deno>=2.9.8 in /srv/my place/bin/lib (2.9.8)",
            "Requirement already satisfied: deno>=2.9.8 (2.9.8)",
        ),
        ("Looking in indexes: https://me:key@index.example/simple", None),
        ("Successfully installed yt-dlp-2026.12.1", "Successfully installed yt-dlp-2026.12.1"),
    ],
)
def test_places_and_logins_are_taken_out_of_its_lines(
    desk: Downloader, pip: Pip, said: str, shown: str | None
) -> None:
    pip.says = (said,)
    run_to_the_end(desk, pip)
    assert desk.progress().lines == (shown or "Looking in indexes: https://index.example/simple",)


def test_only_the_last_lines_are_kept(desk: Downloader, pip: Pip) -> None:
    pip.says = tuple(f"line {number}" for number in range(LINES + 5))
    run_to_the_end(desk, pip)
    assert desk.progress().lines == pip.says[5:]
