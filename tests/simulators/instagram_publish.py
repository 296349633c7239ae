"""Containers and what is asked of them in, states and posts out: /media and /media_publish."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tests.simulators.instagram_errors import (
    GraphError,
    bad_parameter,
    missing,
    no_permission,
    publishing,
)
from tests.simulators.instagram_fields import Maker, asked_fields, pick, plain
from tests.simulators.instagram_lookup import reach, require
from tests.simulators.instagram_states import Status, poll, status_of, status_text, video_status
from tests.simulators.instagram_things import Account, Container, Media, Page, Token
from tests.simulators.instagram_words import (
    Answer,
    PublishMode,
    RepeatMode,
    Request,
    json_answer,
)
from tests.simulators.instagram_world import DAY, World

MOST_CONTAINERS = 400
LONGEST_CAPTION, MOST_HASHTAGS, MOST_MENTIONS, MOST_COLLABORATORS = 2200, 30, 20, 3
STRATEGIES = ("MANUAL", "SS_PERFORMANCE")
NEEDED = ("instagram_basic", "instagram_content_publish", "pages_read_engagement")


def _may_publish(world: World, request: Request, token: Token) -> tuple[Account, Page]:
    account = reach(world, request.parts[0], token)
    require(token, *NEEDED)
    page = world.page_of(token, account)
    assert page
    if page.role_by_business and not token.grant.scopes & {"ads_management", "ads_read"}:
        raise no_permission("ads_management")
    if account.restricted:
        raise publishing(2207050)
    return account, page


def lately(times: list[float], now: float, span: float = DAY) -> int:
    return sum(now - span < at <= now for at in times)


def quota(world: World, request: Request, token: Token) -> dict[str, object]:
    account = reach(world, request.parts[0], token)
    require(token, *NEEDED)
    now, span = world.clock.time(), DAY
    since = request.params.get("since")
    if since is not None:
        if not since.isdecimal() or not now - DAY - 60 <= int(since) <= now:
            raise bad_parameter("since must be within the last 24 hours")
        span = now - int(since)
    config = {"quota_total": account.quota_total, "quota_duration": int(DAY)}
    used = lately(account.publishes, now, span)
    makers = plain([("quota_usage", used), ("config", config)])
    return {"data": [pick(makers, asked_fields(request, "quota_usage"), "Limit")]}


# Creating


def create(world: World, request: Request, token: Token) -> dict[str, object]:
    """A container; what Meta pulls itself is pulled by the caller, see `Container.uri`."""
    account, _ = _may_publish(world, request, token)
    params = {k: v for k, v in request.params.items() if k not in {"access_token"}}
    now = world.clock.time()
    if lately(account.creations, now) >= MOST_CONTAINERS:  # with which code, nobody tells
        raise publishing(2207042)
    _check(params, account)
    container = Container(world.new_id("178"), account, token.app, params, now)
    container.polls_left = world.switches.processing_polls
    world.containers[container.id] = container
    account.creations.append(now)
    if "video_url" in params:
        return {"id": container.id}
    version = request.version or world.served("")
    container.uri = f"{world.rupload_url}/ig-api-upload/{version}/{container.id}"
    return {"id": container.id, "uri": container.uri}


def _check(params: dict[str, str], account: Account) -> None:
    if params.get("media_type") != "REELS":
        raise publishing(2207023)
    resumable = params.get("upload_type") == "resumable"
    if not resumable and "video_url" not in params:
        raise bad_parameter("The parameter video_url is required")
    if resumable and "video_url" in params:
        raise bad_parameter("Either video_url or upload_type=resumable, not both")
    _check_caption(params.get("caption", ""))
    offset = params.get("thumb_offset", "0")
    if not re.fullmatch(r"-?\d+", offset):
        raise bad_parameter("Param thumb_offset must be an integer")
    if int(offset) < 0:
        raise publishing(2207057)
    if params.get("share_to_feed", "true").lower() not in {"true", "false", "1", "0"}:
        raise bad_parameter("Param share_to_feed must be a boolean")
    names = _listed(params.get("collaborators", ""))
    if len(names) > MOST_COLLABORATORS or any(name.startswith("@") for name in names):
        raise publishing(2207018)
    if "trial_params" in params:
        _check_trial(params["trial_params"], account)


def _check_caption(caption: str) -> None:
    if len(caption) > LONGEST_CAPTION:
        raise publishing(2207010)
    if len(re.findall(r"(?<!\w)@[\w.]+", caption)) > MOST_MENTIONS:
        raise publishing(2207040)
    if len(re.findall(r"#\w+", caption)) > MOST_HASHTAGS:
        raise bad_parameter("Too many hashtags")


def _listed(text: str) -> list[str]:
    """Comma list or JSON array."""
    try:
        given = json.loads(text)
    except ValueError:
        given = text.split(",")
    return [str(name).strip() for name in given if str(name).strip()]


def _check_trial(text: str, account: Account) -> None:
    try:
        strategy = json.loads(text)["graduation_strategy"]
    except (ValueError, TypeError, KeyError):
        raise bad_parameter("Param trial_params must hold graduation_strategy") from None
    if strategy not in STRATEGIES:
        raise bad_parameter("Param graduation_strategy is unknown")
    if not account.trial_reels:
        raise publishing(2207081)


# Reading


def container(world: World, request: Request, token: Token) -> dict[str, object]:
    found = world.containers[request.parts[0]]
    if found.app is not token.app or world.page_of(token, found.account) is None:
        raise missing(found.id)
    require(token, "instagram_basic", "pages_read_engagement")
    fields = asked_fields(request, "id")
    refusal = world.switches.video_status_error
    if "video_status" in fields and refusal:
        raise GraphError(refusal[0], "(#100) Field video_status failed", subcode=refusal[1])
    makers: dict[str, Maker] = {
        **plain([("id", found.id)]),
        "status_code": lambda _: status_of(world, found).value,
        "status": lambda _: status_text(world, found),
        "video_status": lambda _: video_status(world, found),
        "copyright_check_status": lambda _: {"status": "completed", "matches_found": False},
    }
    shown = pick(makers, fields, "IGContainer")
    if {"status", "status_code", "video_status"} & set(fields):
        poll(world, found)
    return shown


# Publishing


def publish(world: World, request: Request, token: Token) -> Answer:
    account, page = _may_publish(world, request, token)
    creation_id = request.params.get("creation_id", "")
    if not creation_id.isdecimal():
        raise bad_parameter("Param creation_id must be the id of a container")
    found = world.containers.get(creation_id)
    if found is None:
        raise publishing(2207008)
    if found.account is not account or found.app is not token.app:
        raise publishing(2207006)
    if not {"MANAGE", "CREATE_CONTENT"} & set(page.tasks):
        raise publishing(2207085)
    if found.media_ids:
        return _repeat(world, found)
    return _first(world, found)


def _first(world: World, found: Container) -> Answer:
    status = status_of(world, found)
    if status is Status.EXPIRED:
        raise publishing(2207008)
    if status is not Status.FINISHED:
        raise publishing(2207027)
    mode = world.switches.publish_mode
    if mode is PublishMode.NOT_READY and found.refusals < world.switches.not_ready_tries:
        found.refusals += 1
        raise publishing(2207027)
    account = found.account
    if lately(account.publishes, world.clock.time()) >= account.quota_total:
        raise publishing(2207042)
    media = _post(world, found)
    if mode is PublishMode.DROP:
        return Answer(drop=True)
    if mode is PublishMode.ERROR_500:
        raise GraphError(1, "An unknown error has occurred.", status=500, is_transient=True)
    if mode is PublishMode.SPAM:
        raise publishing(2207051)
    return json_answer({"id": media.id})


_REPEATS: dict[RepeatMode, Callable[[], GraphError]] = {
    RepeatMode.NOT_READY: lambda: publishing(2207027),
    RepeatMode.MISSING: lambda: publishing(2207008),
    RepeatMode.FATAL: lambda: publishing(2207085),
}


def _repeat(world: World, found: Container) -> Answer:
    mode = world.switches.repeat_mode
    if mode in _REPEATS:
        raise _REPEATS[mode]()
    if mode is RepeatMode.SECOND_MEDIA:
        _post(world, found)
    return json_answer({"id": found.media_ids[-1]})


def _post(world: World, found: Container) -> Media:
    now = world.clock.time()
    media = Media(
        id=world.new_id("180"),
        account=found.account,
        caption=found.caption,
        timestamp=now,
        shortcode=world.new_text(9, "DR"),
        container_id=found.id,
        share_to_feed=found.params.get("share_to_feed", "true").lower() in {"true", "1"},
        seen_by_all=found.app.mode == "live",
        lag_left=world.switches.list_lag,
    )
    world.media[media.id] = media
    if not found.media_ids:
        found.lag_left, found.published_at = world.switches.status_lag, now
    found.media_ids.append(media.id)
    found.account.publishes.append(now)
    return media
