"""A program of lines: what it is asked, what it says, and how it ends."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gravix_core.errors import Cancelled, ToolFailed, ToolMissing
from gravix_core.media.process import converse
from tests.media.processes import children, command, wait_until

pytestmark = pytest.mark.slow

LONG = 20.0


@dataclass
class Wish:
    """Stops when it is told to."""

    stop: threading.Event = field(default_factory=threading.Event)

    def progress(self, percent: float) -> None:
        raise AssertionError("nothing is told")

    def should_stop(self) -> bool:
        return self.stop.is_set()


def talk(
    body: str,
    request: str = "",
    *,
    watch: Wish | None = None,
    stalled: float = LONG,
    deadline: float = LONG,
) -> list[str]:
    heard: list[str] = []
    converse(
        [sys.executable, "-c", body],
        request,
        on_line=heard.append,
        watch=watch or Wish(),
        stalled=stalled,
        deadline=deadline,
    )
    return heard


def test_it_reads_what_it_is_asked_and_its_lines_come_in_order() -> None:
    body = "import sys; print(open(sys.argv[1]).read().upper()); print(2)"
    assert talk(body, "wishes") == ["WISHES", "2"]


def test_the_request_is_for_its_eyes_alone_and_gone_afterwards() -> None:
    body = "import os, sys; print(oct(os.stat(sys.argv[1]).st_mode & 0o777)); print(sys.argv[1])"
    mode, file = talk(body, "secret")
    assert mode == "0o600"
    assert not Path(file).exists()


def test_without_a_request_there_is_no_argument() -> None:
    assert talk("import sys; print(len(sys.argv))") == ["1"]


def test_a_program_that_fails_is_quoted_for_the_log_alone() -> None:
    with pytest.raises(ToolFailed) as caught:
        talk("import sys; sys.exit('token in /secret/path')")
    assert "secret" not in str(caught.value)
    assert "token in /secret/path" in caught.value.details


def test_silence_ends_it_and_lines_keep_it_alive() -> None:
    steady = "import time\nfor n in range(6): print(n, flush=True); time.sleep(0.3)"
    assert len(talk(steady, stalled=1.5)) == 6
    with pytest.raises(ToolFailed, match="nothing was heard"):
        talk("import time; time.sleep(60)", stalled=0.3)


def test_a_program_that_talks_for_ever_meets_its_deadline() -> None:
    with pytest.raises(ToolFailed, match="not done within"):
        talk("import time\nwhile True: print(1, flush=True); time.sleep(0.05)", deadline=0.5)


def test_cancel_ends_it_and_whatever_it_started() -> None:
    body = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\ntime.sleep(60)"
    )
    watch, started = Wish(), []

    def stop_it(line: str) -> None:
        started.append(int(line))
        watch.stop.set()

    argv = [sys.executable, "-c", body]
    with pytest.raises(Cancelled):
        converse(argv, "", on_line=stop_it, watch=watch, stalled=LONG, deadline=LONG)
    wait_until(lambda: not command(started[0]), "what it started is gone")


def test_what_a_listener_raises_ends_it_and_comes_out() -> None:
    def refuse(line: str) -> None:
        raise ValueError(line)

    argv, before = (
        [sys.executable, "-c", "import time; print('no', flush=True); time.sleep(60)"],
        children(),
    )
    with pytest.raises(ValueError, match="no"):
        converse(argv, "", on_line=refuse, watch=Wish(), stalled=LONG, deadline=LONG)
    wait_until(lambda: children() <= before, "it is gone")


def test_only_the_environment_that_is_given_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    argv = [sys.executable, "-c", "import os; print(os.environ.get('PLANTED'))"]
    monkeypatch.setenv("PLANTED", "secret")
    converse(
        argv, "", on_line=heard.append, watch=Wish(), stalled=LONG, deadline=LONG, env={"A": "b"}
    )
    assert heard == ["None"]


def test_a_program_that_is_not_there_is_missing() -> None:
    with pytest.raises(ToolMissing):
        converse(["no-such-program"], "", on_line=print, watch=Wish(), stalled=LONG, deadline=LONG)
