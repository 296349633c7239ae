"""Small stand-ins that several folders of tests use."""

from __future__ import annotations


class Quiet:
    """A watch that hears progress and never asks to stop."""

    def __init__(self) -> None:
        self.heard: list[float] = []

    def progress(self, percent: float) -> None:
        self.heard.append(percent)

    def should_stop(self) -> bool:
        return False
