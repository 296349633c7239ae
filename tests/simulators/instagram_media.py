"""An account or a post in, posts, their members and their insights out."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.simulators.instagram_errors import GraphError, missing
from tests.simulators.instagram_fields import Fields, asked_fields, page_of, pick, plain
from tests.simulators.instagram_lookup import reach, require
from tests.simulators.instagram_things import Media, Token
from tests.simulators.instagram_words import Request
from tests.simulators.instagram_world import World

METRICS = (
    "views",
    "reach",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
    "ig_reels_avg_watch_time",
    "ig_reels_video_view_total_time",
    "reposts",
    "reels_skip_rate",
    "total_views",
    "total_likes",
    "total_comments",
)
ON_FACEBOOK = ("crossposted_views", "facebook_views")
"""Refused unless the reel is shared there, which the stand-in never does."""


def media_list(world: World, request: Request, token: Token) -> dict[str, object]:
    """Newest first; a new post may be hidden for some reads."""
    account = reach(world, request.parts[0], token)
    require(token, "instagram_basic")
    fields = asked_fields(request, "id")
    posts = [post for post in reversed(world.media.values()) if post.account is account]
    shown = [post for post in posts if not post.lag_left]
    for post in posts:
        post.lag_left = max(0, post.lag_left - 1)
    shown.sort(key=lambda post: -post.timestamp)
    return page_of(world, request, shown, lambda post: _show(world, post, fields))


def media(world: World, request: Request, token: Token) -> dict[str, object]:
    post = _find(world, request, token)
    require(token, "instagram_basic")
    return _show(world, post, asked_fields(request, "id"))


def _find(world: World, request: Request, token: Token) -> Media:
    post = world.media.get(request.parts[0])
    if post is None or world.page_of(token, post.account) is None:
        raise missing(request.parts[0])
    return post


def _show(world: World, post: Media, fields: Fields) -> dict[str, object]:
    when = datetime.fromtimestamp(post.timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    members: list[tuple[str, object]] = [
        ("id", post.id),
        ("caption", post.caption or None),
        ("media_type", "VIDEO" if post.product == "REELS" else "IMAGE"),
        ("media_product_type", post.product),
        ("permalink", post.permalink),
        ("shortcode", post.shortcode),
        ("timestamp", when),
        ("username", post.account.username),
        ("is_shared_to_feed", post.share_to_feed),
        ("like_count", post.insights.get("likes", 0)),
        ("comments_count", post.insights.get("comments", 0)),
        ("media_url", f"{world.dialog_url}/media/{post.id}.mp4"),
        ("thumbnail_url", f"{world.dialog_url}/picture/{post.account.username}"),
    ]
    return pick(plain(members), fields, "IGMedia")


def insights(world: World, request: Request, token: Token) -> dict[str, object]:
    """One bad metric fails the whole call; what is not there yet is left out."""
    post = _find(world, request, token)
    require(token, "instagram_manage_insights")
    asked = [name for name in request.params.get("metric", "").split(",") if name]
    for at, name in enumerate(asked or [""]):
        if name in ON_FACEBOOK:
            raise _bad_metric(f"(#100) The metric {name} needs a reel that is shared to Facebook")
        if name not in METRICS:
            listed = ", ".join(METRICS)
            raise _bad_metric(f"(#100) metric[{at}] must be one of the following values: {listed}")
    known = [name for name in asked if name in post.insights]
    return {"data": [_insight(post, name) for name in known]}


def _bad_metric(message: str) -> GraphError:
    return GraphError(100, message, kind="IGApiException")


def _insight(post: Media, name: str) -> dict[str, object]:
    return {
        "name": name,
        "period": "lifetime",
        "values": [{"value": post.insights[name]}],
        "title": name.replace("_", " ").capitalize(),
        "description": f"What {name} counts.",
        "id": f"{post.id}/insights/{name}/lifetime",
    }
