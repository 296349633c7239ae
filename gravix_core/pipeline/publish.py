"""An approved reel and an account in; one post on Instagram out, or a person who is asked to look.

A row of the ledger says how far it is.  Each deed makes one call to Meta, and what the call is
about is written down before it, what it brought behind it.  Whoever finds a row goes on from its
step, whatever became of those before.

Three rules keep a reel from being posted twice.  Only `Step.READY` is published, and a row that
goes from there to `Step.SENT` does so once for each call, by whoever writes first.  From SENT
nothing leads back but an answer that says for certain that nothing was posted, or a person.  And a
new container is asked for only from `Step.CLAIMED`, to which nothing leads from SENT either.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from gravix_core.errors import Cancelled, InstagramError, NotFound, Outdated
from gravix_core.media.files import hash_file
from gravix_core.model import ReviewStatus, Seconds, Watch
from gravix_core.publications import (
    LISTED_LATE,
    LOOK,
    UNDER_WAY,
    Publication,
    RecentMedia,
    Step,
    Transport,
)
from gravix_core.stages.publish.instagram import ContainerState, ContainerStatus, Instagram
from gravix_core.stages.publish.matching import alike, exact
from gravix_core.stages.publish.meta_faults import (
    FAULTS,
    Fault,
    Kind,
    Told,
    error_as,
    fault_of,
    subcode_in,
)
from gravix_core.stages.publish.upload import is_upload_trouble, send_bytes
from gravix_core.store.store import Store

log = logging.getLogger(__name__)

MOST_CONTAINERS = 3
"""For one yes of a person: every one counts against Instagram's 400 a day."""
STALLS = 2
"""Uploads that bring nothing before another container is tried."""
NOT_READY = 3
"""Calls that find it not ready although its container says so, before another is tried."""
LOST_FOR = timedelta(hours=24)
"""Without a word of Instagram's after the call; then a person is asked."""
WINDOW = timedelta(hours=24)
"""Of Instagram's quota."""
CERTAIN = frozenset(
    {
        *("not_sent", "app_limit", "user_limit", "account_limit", "quota", "login_needed"),
        *("app_removed", "checkpoint", "password_changed", "token_expired", "unconfirmed"),
        *("no_page_role", "page_permission", "permission", "capability", "proof", "app_unknown"),
    }
)
"""Faults that say for certain that this call has posted nothing."""
CERTAIN_AT_FIRST = frozenset({"not_ready", "container_missing", "container_gone", "media_expired"})
"""Of a call that may be a repetition they say nothing: Instagram may answer so when it has posted
the reel before."""
USUAL = frozenset({"not_ready", "outcome"})
"""Waits that belong to it: nobody needs to be told of trouble."""
STOPS = frozenset({"spam", "blocked", "restricted"})
"""After these nothing more is published to the account until the operator says so."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited for what."""

    polls: tuple[Seconds, ...] = (5, 10, 20, 30, 60)
    """Between looks at a container; the last for ever."""
    settle: Seconds = 420
    """From the call until "it is not listed" counts, where the container says FINISHED."""
    settle_published: Seconds = 900
    """The same, where it says PUBLISHED: then only the list lags behind."""
    look_again: Seconds = 20
    not_ready: Seconds = 10
    missing: Seconds = 60
    least: Seconds = 15
    """After trouble of Meta's that may pass; doubled up to `most`."""
    most: Seconds = 600
    reconnect: Seconds = 300
    send_within: Seconds = 30
    """From writing down that it will be sent: a computer that slept in between sends nothing."""


@dataclass(frozen=True, slots=True)
class Press:
    """What publishing needs."""

    store: Store
    instagram: Callable[[str], Instagram]
    """By the account's id at Instagram; raises InstagramError while it is not connected."""
    clock: Callable[[], datetime]
    address: Callable[[Publication], str] | None = None
    """Where Instagram can fetch the reel; None: from nowhere."""
    pace: Pace = Pace()


def publish(
    publication_id: int,
    *,
    press: Press,
    watch: Watch,
    waited: Seconds = 0.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Publication:
    """Go on with a publication until it has ended.

    Args:
        waited: For how long it was told to wait so far.
        tell: Told how it gets on, in words.

    Returns:
        It, published, failed or unsure.

    Raises:
        InstagramError: It has to wait, for `retry_after` seconds; the row says why.
        Outdated: Somebody else goes on with it.
        Cancelled: `watch` asked to stop, before it was sent.
        NotFound: There is no such publication.
    """
    with press.store.read() as tx:
        row = tx.publications.get(publication_id)
    run = _Run(press, watch, waited, tell)
    while row.step in UNDER_WAY:
        row = run.step(row)
    if row.step is Step.PUBLISHED and not row.permalink:
        row = run.linked(row)
    return row


class _Run:
    def __init__(
        self, press: Press, watch: Watch, waited: Seconds, tell: Callable[[str], None]
    ) -> None:
        self._press, self._pace = press, press.pace
        self._watch, self._waited, self._tell = watch, waited, tell
        self._is_new = False
        """The container was made in this run: nothing was uploaded to it."""

    def step(self, row: Publication) -> Publication:
        deeds = {
            Step.CLAIMED: self._create,
            Step.CREATED: self._upload,
            Step.UPLOADED: self._poll,
            Step.READY: self._send,
            Step.SENT: self._recover,
        }
        try:
            return deeds[row.step](row)
        except InstagramError as error:
            return self._after(row, error)

    # deeds, in order

    def _create(self, row: Publication) -> Publication:
        self._check_open(row)
        if (trouble := self._not_as_approved(row)) is not None:
            return self._failed(row, trouble)
        instagram = self._instagram(row)
        if row.containers == 0 and (seen := self._foreign(row, instagram)):
            return self._seen_before(row, seen)
        self._check_quota(row, instagram)
        if row.containers >= MOST_CONTAINERS:
            return self._failed(row, _with_containers(FAULTS["upload"], row.containers))
        transport = self._transport(row)
        row = self._write(row, Step.CLAIMED, containers=row.containers + 1, transport=transport)
        by_url = transport is Transport.URL and self._press.address is not None
        address = self._press.address(row) if by_url and self._press.address else ""
        made = instagram.create(row.what.caption, row.what.options, video_url=address)
        self._is_new = True
        return self._write(
            row,
            Step.UPLOADED if address else Step.CREATED,
            container_id=made.id,
            upload_uri=made.upload_uri,
            container_at=self._now(),
            uploaded_at=self._now() if address else None,
            bytes_sent=0,
            stalls=0,
            **_NO_TROUBLE,
        )

    def _upload(self, row: Publication) -> Publication:
        instagram = self._instagram(row)
        if not self._is_new:
            found = instagram.status(row.container_id)
            if _is_over(found) or found.uploaded:
                return self._arrived(row)
            row = self._received(row, found)
        self._is_new = False
        file = self._file(row)
        if file is None:
            return self._failed(row, FAULTS["changed"])
        self._tell("uploading")
        try:
            send_bytes(
                instagram.graph,
                instagram.tokens.user,
                row.upload_uri,
                file=file,
                offset=row.bytes_sent,
                size=row.what.file_size,
                watch=self._watch,
            )
        except OSError:
            return self._failed(row, FAULTS["changed"])
        except InstagramError as error:
            if not is_upload_trouble(error):
                raise
            return self._asked(row, instagram, error)
        return self._arrived(row)

    def _asked(
        self, row: Publication, instagram: Instagram, trouble: InstagramError
    ) -> Publication:
        """After an upload that went wrong: the container knows how much has come."""
        log.warning("an upload went wrong: %s (%s)", trouble, trouble.details)
        found = instagram.status(row.container_id)
        if _is_over(found) or found.uploaded:
            return self._arrived(row)
        before = row.bytes_sent
        row = self._received(row, found)
        if row.bytes_sent > before:
            return row  # on with the rest at once
        if row.stalls + 1 < STALLS:
            row = self._write(row, row.step, stalls=row.stalls + 1, **_trouble(trouble))
            _wait(trouble, self._pace.polls[0])
        return self._anew(row, trouble)

    def _poll(self, row: Publication) -> Publication:
        self._tell("Instagram prepares the video")
        return self._judged(row, self._instagram(row).status(row.container_id))

    def _judged(self, row: Publication, found: ContainerStatus) -> Publication:
        if found.state is ContainerState.FINISHED:
            return self._write(row, Step.READY, ready_at=self._now(), **_NO_TROUBLE)
        if found.state is ContainerState.PUBLISHED:
            return self._write(row, Step.SENT, sent_at=row.sent_at or self._now())
        if found.state is ContainerState.EXPIRED:
            return self._anew(row, error_as(FAULTS["media_expired"]))
        if found.state is ContainerState.ERROR:
            return self._refused_file(row, found)
        raise _later(error_as(FAULTS["not_ready"]), self._next_poll(row))

    def _send(self, row: Publication) -> Publication:
        self._check_open(row)
        if (trouble := self._not_as_approved(row)) is not None:
            return self._failed(row, trouble)
        instagram = self._instagram(row)
        found = instagram.status(row.container_id)
        if found.state is not ContainerState.FINISHED:
            return self._judged(row, found)
        if seen := self._foreign(row, instagram):
            return self._seen_before(row, seen)
        self._check_quota(row, instagram)
        if self._watch.should_stop():
            raise Cancelled("stopped before it was sent")
        self._tell("publishing")
        row = self._write(row, Step.SENT, sent_at=self._now(), sends=row.sends + 1)
        if row.sent_at is None or self._now() - row.sent_at > _delta(self._pace.send_within):
            return self._not_done(row, error_as(FAULTS["not_sent"]))
        try:
            media_id = instagram.publish(row.container_id)
        except InstagramError as error:
            return self._refused(row, error)
        return self._there(row, media_id)

    def _recover(self, row: Publication) -> Publication:
        """Nobody knows what became of the call: ask, look, wait; never call again."""
        self._tell("looking whether it is on Instagram")
        instagram, asked_at = self._instagram(row), self._now()
        since = row.sent_at or asked_at
        is_published = self._says_published(row, instagram)
        found = self._matches(row, instagram)
        with self._press.store.read() as tx:
            is_alone = tx.publications.rivals(row) == 0
        if len(found) == 1 and is_alone:
            return self._there(row, found[0].id, permalink=found[0].permalink)
        settle = self._pace.settle_published if is_published else self._pace.settle
        if not found and asked_at - since < _delta(settle):
            _wait(error_as(FAULTS["outcome"]), self._pace.look_again)
        return self._unsure(row, published=is_published)

    def linked(self, row: Publication) -> Publication:
        """With the post's address, where Instagram tells it; it is published without one too."""
        try:
            link = self._instagram(row).permalink(row.media_id)
            return self._write(row, row.step, permalink=link) if link else row
        except (InstagramError, Outdated) as error:
            log.warning("a post has no address yet: %s", error)
            return row

    # what answers mean

    def _refused(self, row: Publication, error: InstagramError) -> Publication:
        """`media_publish` has answered an error: is it certain that nothing was posted?"""
        log.warning("Instagram did not publish a reel: %s (%s)", error, error.details)
        if error.code in STOPS:
            self._stop(row, error)
        is_first = row.sends == row.refusals + 1
        if error.code in CERTAIN or (is_first and error.code in CERTAIN_AT_FIRST):
            return self._not_done(row, error)
        return self._write(row, Step.SENT, **_trouble(error))

    def _not_done(self, row: Publication, error: InstagramError) -> Publication:
        """It is certain that the last call has posted nothing."""
        row = self._write(row, Step.READY, refusals=row.refusals + 1, **_trouble(error))
        if error.code == "not_ready" and row.refusals < NOT_READY:
            _wait(error, self._pace.not_ready)
        if error.code == "container_missing" and row.refusals < STALLS:
            _wait(error, self._pace.missing)
        if error.code in CERTAIN_AT_FIRST:
            return self._anew(row, error)
        return self._after(row, error)

    def _after(self, row: Publication, error: InstagramError) -> Publication:
        """A call went wrong that posts nothing."""
        with self._press.store.read() as tx:
            row = tx.publications.get(row.id)
        if row.step not in UNDER_WAY:
            return row
        if error.code in STOPS:
            self._stop(row, error)
        if row.step is Step.SENT and self._now() - (row.sent_at or self._now()) > LOST_FOR:
            return self._unsure(row, published=False)
        if error.code not in USUAL and str(error) != row.trouble:
            row = self._write(row, row.step, **_trouble(error))
        if error.kind == Kind.RECONNECT:
            self._needs_login(row, error)
            _wait(error, self._pace.reconnect)
        if error.kind == Kind.WAIT:
            _wait(error, self._pace.most if error.retry_after is None else error.retry_after)
        if error.kind == Kind.TRANSIENT or row.step is Step.SENT:
            _wait(error, max(self._pace.least, min(self._pace.most, self._waited)))
        if error.kind == Kind.RENEW and row.step is not Step.CLAIMED:
            return self._anew(row, error)
        return self._failed(row, FAULTS.get(error.code) or _as_fault(error))

    def _refused_file(self, row: Publication, found: ContainerStatus) -> Publication:
        fault = fault_of(Told(subcode=subcode_in(found.told), message=found.told))
        if fault.code == "unheard_of":
            fault = FAULTS["ingest"]
        if fault.kind in {Kind.RENEW, Kind.TRANSIENT} and row.containers < 2:
            return self._anew(row, error_as(fault, details=found.told))
        return self._failed(row, fault)

    def _anew(self, row: Publication, error: InstagramError) -> Publication:
        """Another container, where there is one left: the last call has posted nothing."""
        if not row.is_settled:
            return self._unsure(row, published=False)
        if row.containers >= MOST_CONTAINERS:
            fault = FAULTS.get(error.code) or _as_fault(error)
            return self._failed(row, _with_containers(fault, row.containers))
        return self._write(row, Step.CLAIMED, container_id="", upload_uri="", **_trouble(error))

    def _arrived(self, row: Publication) -> Publication:
        size = row.what.file_size
        return self._write(row, Step.UPLOADED, uploaded_at=self._now(), bytes_sent=size)

    def _received(self, row: Publication, found: ContainerStatus) -> Publication:
        received = min(found.received or 0, row.what.file_size)
        if received == row.bytes_sent:
            return row
        return self._write(row, row.step, bytes_sent=received, stalls=0)

    def _there(self, row: Publication, media_id: str, *, permalink: str = "") -> Publication:
        """It is published: that is written down whoever else has written meanwhile."""
        for _ in range(5):
            try:
                return self._write(
                    row,
                    Step.PUBLISHED,
                    media_id=media_id,
                    permalink=permalink,
                    published_at=self._now(),
                    **_NO_TROUBLE,
                )
            except Outdated:
                with self._press.store.read() as tx:
                    row = tx.publications.get(row.id)
                if row.media_id:
                    return row
        raise Outdated("the outcome of a publication could not be written")

    def _unsure(self, row: Publication, *, published: bool) -> Publication:
        said = (
            "Instagram says that it is published, and does not list it."
            if published
            else "Instagram's answer was lost, and the reel is not listed."
        )
        hint = LOOK
        fault = LISTED_LATE if published else "outcome"
        return self._write(row, Step.UNSURE, trouble=said, hint=hint, fault=fault)

    def _seen_before(self, row: Publication, seen: tuple[RecentMedia, ...]) -> Publication:
        count = "a reel" if len(seen) == 1 else f"{len(seen)} reels"
        said = f"Instagram has {count} with nearly the same words that Gravix does not know of."
        hint = "Nothing was sent. Say on Publish whether one of them is this reel."
        return self._write(row, Step.UNSURE, trouble=said, hint=hint, fault="outcome")

    def _failed(self, row: Publication, fault: Fault) -> Publication:
        return self._write(
            row, Step.FAILED, trouble=fault.sentence, hint=fault.hint, fault=fault.code
        )

    # what is asked

    def _says_published(self, row: Publication, instagram: Instagram) -> bool:
        try:
            return instagram.status(row.container_id).state is ContainerState.PUBLISHED
        except InstagramError as error:
            if error.code in {"not_seen", "container_gone", "media_expired"}:
                return False
            raise

    def _matches(self, row: Publication, instagram: Instagram) -> tuple[RecentMedia, ...]:
        media = instagram.recent()
        since = row.container_at or row.claimed_at
        return exact(media, caption=row.what.caption, since=since, known=self._known(row))

    def _foreign(self, row: Publication, instagram: Instagram) -> tuple[RecentMedia, ...]:
        """Posts that look like this one and that the ledger does not know: it may be older than
        the account, as after a restore."""
        return alike(instagram.recent(), caption=row.what.caption, known=self._known(row))

    def _known(self, row: Publication) -> frozenset[str]:
        with self._press.store.read() as tx:
            return tx.publications.media_ids(row.what.ig_user_id) | frozenset(row.dismissed)

    def _check_open(self, row: Publication) -> None:
        with self._press.store.read() as tx:
            reason = tx.publications.stopped(row.what.ig_user_id)
        if reason is not None:
            raise error_as(FAULTS["stopped"], details=reason)

    def _check_quota(self, row: Publication, instagram: Instagram) -> None:
        try:
            quota = instagram.quota()
        except InstagramError as error:
            if error.kind != Kind.PERMANENT:
                raise
            return  # it cannot be read: Instagram itself will say so when it is full
        if quota.is_full:
            raise _later(error_as(FAULTS["quota"]), self._until_quota(row))

    def _until_quota(self, row: Publication) -> Seconds:
        """Until the first post of the window leaves it, as far as Gravix knows them."""
        now = self._now()
        with self._press.store.read() as tx:
            first = tx.publications.published_since(row.what.ig_user_id, now - WINDOW)
        hour = 3600.0
        return hour if first is None else max(60.0, (first + WINDOW - now).total_seconds())

    def _not_as_approved(self, row: Publication) -> Fault | None:
        with self._press.store.read() as tx:
            try:
                reel = tx.reels.get(row.what.reel_id)
            except NotFound:
                return FAULTS["gone"]
        if reel.version != row.what.reel_version or reel.review_status is not ReviewStatus.APPROVED:
            return FAULTS["not_approved"]
        return None if self._file(row) is not None else FAULTS["changed"]

    def _file(self, row: Publication) -> Path | None:
        """The reel's file; None when it is not the one that was approved."""
        try:
            with self._press.store.read() as tx:
                reel = tx.reels.get(row.what.reel_id)
            if reel.rendered is None:
                return None
            file = reel.rendered.file
            fits = file.stat().st_size == row.what.file_size
            return file if fits and hash_file(file) == row.what.file_sha256 else None
        except (OSError, NotFound):
            return None

    def _transport(self, row: Publication) -> Transport:
        """The last container goes the other way, where there is one."""
        is_last = row.containers + 1 >= MOST_CONTAINERS
        by_url = self._press.address is not None and is_last
        return Transport.URL if by_url else Transport.RESUMABLE

    def _next_poll(self, row: Publication) -> Seconds:
        since = (self._now() - (row.uploaded_at or self._now())).total_seconds()
        past = 0.0
        for wait in self._pace.polls:
            past += wait
            if since < past:
                return wait
        return self._pace.polls[-1]

    # what is written

    def _write(self, row: Publication, step: Step, **values: Any) -> Publication:
        with self._press.store.begin() as tx:
            return tx.publications.advance(row, step, now=self._now(), **values)

    def _stop(self, row: Publication, error: InstagramError) -> None:
        with self._press.store.begin() as tx:
            tx.publications.stop(row.what.ig_user_id, str(error), now=self._now())

    def _needs_login(self, row: Publication, error: InstagramError) -> None:
        with self._press.store.begin() as tx:
            for account in tx.accounts.listed():
                if account.ig_user_id == row.what.ig_user_id:
                    said = str(error)
                    tx.accounts.troubled(account.id, said, needs_login=True, now=self._now())

    def _instagram(self, row: Publication) -> Instagram:
        return self._press.instagram(row.what.ig_user_id)

    def _now(self) -> datetime:
        return self._press.clock()


_NO_TROUBLE = {"trouble": "", "hint": "", "fault": ""}


def _trouble(error: InstagramError) -> dict[str, str]:
    return {"trouble": str(error), "hint": error.hint, "fault": error.code}


def _later(error: InstagramError, after: Seconds) -> InstagramError:
    """The same, to be tried again then, however often."""
    return InstagramError(
        str(error),
        hint=error.hint,
        code=error.code,
        kind=Kind.WAIT,
        retry_after=after,
        details=error.details,
    )


def _wait(error: InstagramError, after: Seconds) -> NoReturn:
    raise _later(error, after) from None


def _is_over(found: ContainerStatus) -> bool:
    """Whether it takes no bytes any more."""
    return found.state is not ContainerState.IN_PROGRESS


def _as_fault(error: InstagramError) -> Fault:
    return Fault(error.code, Kind(error.kind), str(error), error.hint)


def _with_containers(fault: Fault, count: int) -> Fault:
    said = f"{fault.sentence.rstrip('.')}, {count} times over."
    return Fault(fault.code, fault.kind, said, FAULTS["upload"].hint)


def _delta(seconds: Seconds) -> timedelta:
    return timedelta(seconds=seconds)
