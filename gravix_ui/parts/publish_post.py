"""A reel that may be published in; what will be sent, all of it, and the yes, out."""

from __future__ import annotations

from html import escape

import streamlit as st

from gravix_core import InstagramAccount, Publication, ReadyItem, ReviewStatus, Step
from gravix_ui.parts.publish_links import link_out
from gravix_ui.parts.publish_options import (
    Cover,
    cover_of,
    options_form,
    options_of,
    options_trouble,
    shows_our_cover,
)
from gravix_ui.parts.publish_preview import Post, phone
from gravix_ui.parts.publish_words import at_names, before_told, cover_told, where_told
from gravix_ui.parts.reel_badges import acceptance, place, video_title
from gravix_ui.parts.reel_deck import go
from gravix_ui.parts.rights import rights_line
from gravix_ui.parts.ways import to_reel, way
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import counted, length, plain, sentence, size, zone


def post_screen(item: ReadyItem | None, account: InstagramAccount) -> None:
    """Draw it; nothing has been sent before the button is pressed."""
    st.button(
        "All reels", icon=":material/arrow_back:", type="tertiary", key="post-back", on_click=_back
    )
    if item is None or item.item.reel.rendered is None:
        with st.container(border=True, key="post-nowhere"):
            st.subheader("This reel is not here to be published", anchor=False)
            st.write("It may have been deleted with its video, or it is not rendered yet.")
            st.button("Show the list", key="post-to-list", on_click=_back)
        return
    reel = item.item.reel
    cover = cover_of(reel)
    with st.container(key="post-screen"):
        with st.container(key="post-picture"):
            options, ours = options_of(reel.id, cover), shows_our_cover(reel.id, cover)
            phone(Post(reel, account.username, item.caption, options, ours))
        with st.container(key="post-words", gap="small"):
            _head(item)
            options_form(reel.id, cover)
            st.html(sent(item, account, cover))
            rights_line(item.item)
            _yes(item, account, cover)


def _head(item: ReadyItem) -> None:
    reel = item.item.reel
    title = reel.text.title if reel.text else ""
    with st.container(gap=None, key=f"post-head-{reel.id}"):
        st.subheader(plain(title) or video_title(item.item), anchor=False)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(place(reel), width="content")
            acceptance(reel)
            st.page_link(
                way("review"),
                label="Edit the words",
                icon=":material/edit:",
                query_params=to_reel(reel.id),
            )


def sent(item: ReadyItem, account: InstagramAccount, cover: Cover) -> str:
    """All that will be sent, as HTML."""
    reel, post = item.item.reel, item.size
    options = options_of(reel.id, cover)
    rendered = reel.rendered
    file = f"{length(rendered.duration)}, {size(rendered.byte_size)}" if rendered else ""
    told = {
        "Account": f"@{account.username}",
        "Video": file,
        "Shown in": where_told(options),
        "Cover": cover_told(options),
        "Collaborators": at_names(options.collaborators),
        "AI label": "Yes" if options.ai_generated else "No",
        "Caption": f"{post.characters:,} of {post.max_characters:,} characters,"
        f" {post.hashtags:,} of {counted(post.max_hashtags, 'hashtag')}",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in told.items())
    caption = f"<blockquote>{escape(item.caption)}</blockquote>" if item.caption else ""
    return f'<div class="gravix-sent"><h3>What will be sent</h3><dl>{rows}</dl>{caption}</div>'


def _yes(item: ReadyItem, account: InstagramAccount, cover: Cover) -> None:
    reel = item.item.reel
    for one in item.before:
        _posted_before(one)
    obstacle = _obstacle(item)
    if obstacle:
        st.error(plain(sentence(obstacle)), icon=":material/error:")
    again = bool(item.before)
    name = f"@{plain(account.username)}"
    st.button(
        f"Publish again nevertheless to {name}" if again else f"Publish to {name}",
        type="secondary" if again else "primary",
        icon=":material/send:",
        key=f"publish-{reel.id}",
        disabled=bool(obstacle or options_trouble(reel.id)),
        on_click=_publish,
        args=(reel.id, reel.version, account.ig_user_id, cover),
        kwargs={"again": again},
    )


def _obstacle(item: ReadyItem) -> str:
    """Why it cannot be published now; empty when it can."""
    return item.trouble or _standing(item) or _held_up()


def _standing(item: ReadyItem) -> str:
    """What became of the reel that is in the way of it."""
    reel = item.item.reel
    if reel.review_status is not ReviewStatus.APPROVED:
        return "It is not approved: approve it on Review first"
    if item.row is None or item.row.step is Step.FAILED:
        return ""
    if item.row.step is Step.PUBLISHED:
        return "It is on Instagram already: the list has its address"
    if item.row.step is Step.UNSURE:
        return "It may be on Instagram already: the list asks you to look"
    return "It is on its way to Instagram already"


def _held_up() -> str:
    """What keeps the account from publishing."""
    if studio().publishing.stopped() is not None:
        return "Publishing is stopped: resume it above first"
    connection = studio().connection.status()
    return "" if connection.connected else f"{connection.message.rstrip('.')}: open Connect first"


def _posted_before(one: Publication) -> None:
    with st.container(key=f"before-{one.id}", gap="xsmall"):
        told = before_told(one, zone(st.context.timezone))
        st.warning(
            f"{plain(told)} The same stretch of the video, or the same words: “"
            f"{plain(one.what.title)}”.",
            icon=":material/history:",
        )
        link_out(one.permalink, label="See that post", key=f"before-link-{one.id}")


def _publish(reel_id: int, version: str, ig_user_id: str, cover: Cover, *, again: bool) -> None:
    desk = studio().publishing
    with errors_noted():
        account = desk.account()
        if account is None or account.ig_user_id != ig_user_id:
            note(
                "Reels go to another account since this was shown: look, then decide again.",
                icon=":material/error:",
            )
            return
        if trouble := options_trouble(reel_id):
            note(plain(trouble), icon=":material/error:")
            return
        options = options_of(reel_id, cover)
        desk.publish(reel_id, seen=version, options=options, again=again, account=ig_user_id)
        go(reel=None)
        note("It is on its way to Instagram.", icon=":material/send:")


def _back() -> None:
    go(reel=None)
