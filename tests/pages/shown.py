"""A page that was drawn in; what the operator finds on it out."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest

from gravix_ui.words import plain


def links(page: AppTest) -> dict[str, str]:
    """Where each link leads, by what it says, such as ``{"Bridges": "video?id=1"}``."""
    found = {}
    for link in page.page_link:
        query = f"?{link.proto.query_string}" if link.proto.query_string else ""
        found[link.proto.label] = f"{link.proto.page}{query}"
    return found


def videos_linked(page: AppTest) -> list[str]:
    """Titles of the videos that the page leads to, in order, as Markdown."""
    found = page.page_link
    return [link.proto.label for link in found if link.proto.page == "video"]


def buttons(page: AppTest) -> dict[str, str]:
    """Labels by key."""
    return {str(button.key): button.label for button in page.button}


def progress(page: AppTest) -> list[str]:
    """What stands at each bar that shows how far something is."""
    return [bar.proto.text for bar in page.progress]


def part_data(page: AppTest, key: str) -> dict[str, Any]:
    """What one of our components was given."""
    (found,) = (part for part in page.get("bidi_component") if part.key == key)
    given = json.loads(found.proto.json)
    data: dict[str, Any] = given[0] if isinstance(given, list) else given
    return data


def html(page: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in page.html)


def says(page: AppTest, text: str) -> bool:
    """Whether the text, literally, stands in some Markdown of the page."""
    kinds = (page.markdown, page.caption, page.title, page.error, page.info, page.subheader)
    shown = [str(element.value) for kind in kinds for element in kind]
    return any(text in one or plain(text) in one for one in shown)


def statements_of(page: AppTest) -> int:
    """How often the database is asked while the page is drawn once more."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        page.run()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(asked)
