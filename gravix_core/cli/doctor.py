"""``doctor``: the installation in, a table of what it has and lacks out."""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gravix_core.doctor import Finding, State, examine
from gravix_core.settings import Settings

FINE, LACKING = 0, 1
_COLOURS = {State.OK: "green", State.INFO: "cyan", State.WARN: "yellow", State.MISSING: "red"}


def run(options: argparse.Namespace) -> int:
    """Raises SettingsError."""
    findings = examine(Settings.load(data_dir=options.data_dir))
    fine = all(finding.state is not State.MISSING for finding in findings)
    if options.json:
        print(json.dumps(_document(findings, fine=fine), indent=2, ensure_ascii=False))
    else:
        _draw(findings)
    return FINE if fine else LACKING


def _document(findings: tuple[Finding, ...], *, fine: bool) -> dict[str, object]:
    checks = [
        {"name": f.name, "state": f.state, "found": f.found, "todo": f.todo} for f in findings
    ]
    return {"ok": fine, "checks": checks}


def _draw(findings: tuple[Finding, ...]) -> None:
    table = Table("what", "", "found", "what to do", box=None)
    for one in findings:
        mark = f"[{_COLOURS[one.state]}]{one.state}[/]"
        table.add_row(one.name, mark, escape(one.found), escape(one.todo))
    Console(file=sys.stdout).print(table)
