"""What is configured and what it takes in; what is missing, what it means and what to do out."""

from collections.abc import Sequence

import streamlit as st

from gravix_core import DEFAULT_STYLE, LAYOUTS, DiskUse, Finding, Settings, State, Topic, examine
from gravix_ui.parts.channels import channels_section
from gravix_ui.parts.cookies import cookies_section
from gravix_ui.parts.downloader import downloader_section
from gravix_ui.parts.texts_model import model_choice
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_shown, studio
from gravix_ui.words import counted, plain, size, without_folders

PAGE_WIDTH = 860
NUMBER_WIDTH = 120
MARKS = {
    State.OK: ":green[:material/check_circle:]",
    State.INFO: ":gray[:material/info:]",
    State.WARN: ":orange[:material/warning:]",
    State.MISSING: ":red[:material/error:]",
}
GEMINI = "GEMINI_API_KEY"
NAMED = {
    "data directory": ("Data directory", "GRAVIX_DATA_DIR"),
    "disk": ("Free space", ""),
    "font for subtitles": ("Font for subtitles", "GRAVIX_SUBTITLE_FONT"),
    "folder for approved reels": ("Folder for approved reels", "GRAVIX_FOLDER_DIR"),
    "database": ("Database", "DATABASE_URL"),
    "speech recognition": ("Speech recognition", "GRAVIX_STT_MODEL"),
    GEMINI: ("Texts by Gemini", GEMINI),
    "FACEBOOK_APP_ID and _SECRET": ("Instagram", "FACEBOOK_APP_ID, FACEBOOK_APP_SECRET"),
}
"""What the doctor looks at: in the operator's words, and the variable that changes it."""


CUTS = {
    "sentences": "at ends of sentences and in pauses",
    "fixed": "exactly at these seconds",
}


def verdict(findings: Sequence[Finding]) -> None:
    missing = [one for one in findings if one.state is State.MISSING]
    if missing:
        told = "\n".join(f"- **{_name(one)}**: {_told(one)}" for one in missing)
        st.error(f"Gravix cannot work as it should.\n\n{told}", icon=":material/error:")
    else:
        st.success("Nothing that Gravix needs is missing.", icon=":material/check_circle:")


def what_is_set_up(findings: Sequence[Finding]) -> None:
    st.subheader("What is set up", anchor=False)
    with st.container(border=True, key="set-up"):
        for one in findings:
            if one.topic is not Topic.VERSIONS:
                finding(one)


def finding(one: Finding) -> None:
    _, variable = NAMED.get(one.name, ("", ""))
    name = f"{MARKS[one.state]} **{_name(one)}** {f':small[`{variable}`]' if variable else ''}"
    st.markdown(f"{name}  \n{_told(one)}")
    if one.name == GEMINI:
        status = studio().gemini.status()
        if status.has_key and status.consented:
            model_choice(status)
        st.page_link(way("texts"), label="How texts are written", icon=":material/edit_note:")


def how_reels_are_made(settings: Settings) -> None:
    st.subheader("How reels are made", anchor=False)
    layout = next(iter(LAYOUTS.values())).label
    reel = f"{settings.reel_width} × {settings.reel_height}, {settings.gravix_reel_fps} a second"
    rows = [
        ("Seconds per reel", f"{settings.chunk_duration:g}", "CHUNK_DURATION"),
        ("Cut", CUTS[settings.gravix_cut], "GRAVIX_CUT"),
        ("Layout", layout, "the choice on Add, for each video"),
        ("Subtitles", DEFAULT_STYLE.label, "the choice on Add, for each video"),
        ("Pictures", reel, "REEL_WIDTH, REEL_HEIGHT, GRAVIX_REEL_FPS"),
        ("At once", counted(settings.gravix_workers, "job"), "GRAVIX_WORKERS"),
        ("Of them", counted(settings.gravix_renders, "render"), "GRAVIX_RENDERS"),
        ("Largest upload", f"{settings.gravix_max_upload_mb:,} MB", "GRAVIX_MAX_UPLOAD_MB"),
    ]
    table(rows, ("What", "Value", "Changed by"))


def disk(use: DiskUse) -> None:
    st.subheader("Disk", anchor=False)
    taken = {
        "Sources": use.sources,
        "Reels": use.reels,
        "Previews": use.previews,
        "Uploads": use.uploads,
        "Database": use.database,
    }
    with st.grid(3, min_column_width=NUMBER_WIDTH, key="disk"):
        for label, count in {**taken, "Free": use.free}.items():
            st.metric(label, size(count), border=True)
    st.write(
        f"Gravix takes {size(sum(taken.values()))}. To make room, delete videos in the Library:"
        " each tells before how much it frees. Previews are made again when they are needed."
        " Uploads that became no video are removed from the next day on, when Gravix starts."
    )


def versions(findings: Sequence[Finding]) -> None:
    st.subheader("Versions", anchor=False)
    rows = [(one.name, one.found) for one in findings if one.topic is Topic.VERSIONS]
    table(rows, ("What", "Version"))
    st.caption(
        "Gravix is free software under the MIT licence. THIRD_PARTY.md, in its folder, names what"
        " others made, with their licences."
    )


def table(rows: Sequence[tuple[str, ...]], heads: tuple[str, ...]) -> None:
    named = [dict(zip(heads, row, strict=True)) for row in rows]
    st.table(named, hide_index=True, border="horizontal")


def _name(one: Finding) -> str:
    name, _ = NAMED.get(one.name, (one.name, ""))
    return plain(name)


def _told(one: Finding) -> str:
    told = f"{one.found[:1].upper()}{one.found[1:]}. {one.todo}" if one.todo else one.found
    return plain(without_folders(told))


with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, gap="medium", key="settings"),
    errors_shown(),
):
    st.title("Settings", anchor=False)
    st.write(
        "Gravix reads its settings when it starts. To change one, write its variable into the"
        " file .env in the folder of Gravix and start it again; .env.example explains each."
    )
    settings = studio().settings
    found = examine(settings, running=studio())
    verdict(found)
    what_is_set_up(found)
    how_reels_are_made(settings)
    downloader_section()
    cookies_section()
    channels_section()
    disk(studio().disk.use())
    versions(found)
