"""``check``: a file in, Instagram's rules one by one out."""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gravix_core.model import AcceptReport, RuleLevel
from gravix_core.studio import check_file

YES, NO = 0, 3
_COLOURS = {RuleLevel.PASS: "green", RuleLevel.WARN: "yellow", RuleLevel.FAIL: "red"}


def run(options: argparse.Namespace) -> int:
    """Raises MediaUnreadable when there is nothing to check."""
    report = check_file(options.file)
    if options.json:
        print(json.dumps(_document(report), indent=2))
    else:
        _draw(report)
    return YES if report.accepted else NO


def _document(report: AcceptReport) -> dict[str, object]:
    rules = [
        {"rule": r.rule, "level": r.level, "found": r.found, "expected": r.expected}
        for r in report.rules
    ]
    return {"accepted": report.accepted, "rules": rules}


def _draw(report: AcceptReport) -> None:
    table = Table("rule", "", "found", "expected", box=None)
    for rule in report.rules:
        mark = f"[{_COLOURS[rule.level]}]{rule.level}[/]"
        table.add_row(rule.rule, mark, escape(rule.found), escape(rule.expected))
    console = Console(file=sys.stdout)
    console.print(table)
    console.print(
        "Instagram will take it." if report.accepted else "Instagram would refuse it.",
        style="bold",
    )
