"""What was asked of Gemini in; requests, tokens and dollars of each month out."""

from __future__ import annotations

from datetime import date

import streamlit as st

from gravix_ui.parts.usage_words import dollars
from gravix_ui.session import studio


def spent_section() -> None:
    st.subheader("What Gemini has cost", anchor=False)
    months = studio().gemini.months()
    if not months:
        st.caption("Nothing yet. Each month that something was asked in will stand here.")
        return
    rows = [
        {
            "Month": _month(month),
            "About": dollars(used.cost),
            "Requests": f"{used.requests:,}",
            "Tokens in": f"{used.input_tokens:,}",
            "Tokens out": f"{used.output_tokens:,}",
            "Model": used.model,
        }
        for month, used in months
    ]
    st.table(rows, hide_index=True, border="horizontal")
    st.caption("By the prices of a paid key; within the free tier Google asks for nothing.")


def _month(name: str) -> str:
    """``Nov 2026``."""
    year, number = name.split("-")
    return f"{date(int(year), int(number), 1):%b %Y}"
