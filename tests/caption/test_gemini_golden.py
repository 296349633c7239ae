"""The request as it is sent, held against the one that was reviewed."""

from __future__ import annotations

import json

from tests.caption import golden


def test_request_is_the_one_that_was_reviewed() -> None:
    reviewed = golden.FILE.read_text(encoding="utf-8")
    assert golden.shown() == reviewed, (
        "python -m tests.caption.golden --write, and look at the diff"
    )


def test_reviewed_request_holds_no_key() -> None:
    request = json.loads(golden.FILE.read_text(encoding="utf-8"))
    assert "AIza" not in json.dumps(request)
    assert "key=" not in request["target"]
