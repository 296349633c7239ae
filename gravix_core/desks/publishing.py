"""Approved reels in; what is published, by whose yes, and what a person has to look at, out.

Nothing is published but by `publish`, `retry` and `is_not_there`, and each of them is a person's
yes to one version of one reel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gravix_core.desks.review import PostSize, Review, accept_words
from gravix_core.errors import NotAccepted, NotFound, Outdated, PostedBefore, StatusConflict
from gravix_core.handlers import publication_key, publish_job
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.model import (
    InstagramAccount,
    Job,
    Reel,
    ReviewStatus,
    RuleLevel,
    Seconds,
    Video,
    full_caption,
)
from gravix_core.publications import (
    LISTED_LATE,
    UNDER_WAY,
    NewPublication,
    PostOptions,
    Publication,
    RecentMedia,
    Step,
)
from gravix_core.stages.caption.base import problems
from gravix_core.stages.publish.instagram import Instagram, Quota
from gravix_core.stages.publish.matching import alike
from gravix_core.store.publications import reel_key
from gravix_core.store.store import Store, Transaction
from gravix_core.views import Listed, ReelFilter, ReelItem

MOST_COLLABORATORS = 3
CONTAINER_GOOD_FOR: Seconds = 23 * 3600.0
"""Instagram keeps one for 24 hours."""


@dataclass(frozen=True, slots=True)
class ReadyItem:
    """What would be sent."""

    item: ReelItem
    caption: str
    """With its hashtags, as it is sent."""
    size: PostSize
    before: tuple[Publication, ...]
    """Posts of the same stretch, or of the same words, to the active account."""
    trouble: str
    """Why it cannot be published; empty when it can."""
    row: Publication | None = None
    """Of this version on the active account."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An account to which nothing is published until the operator says so."""

    ig_user_id: str
    username: str
    """Empty where nobody knows it any more."""
    reason: str


@dataclass(frozen=True, slots=True)
class PublishItem:
    publication: Publication
    reel: Reel | None
    """None: it was deleted since."""
    video: Video | None
    job: Job | None


class Publishing:
    """The desk of the Publish page."""

    def __init__(
        self,
        store: Store,
        jobs: Runner,
        *,
        instagram: Callable[[str], Instagram],
        clock: Callable[[], datetime],
    ) -> None:
        """
        Args:
            instagram: A connected account by its id at Instagram; raises InstagramError.
        """
        self._store = store
        self._jobs = jobs
        self._instagram = instagram
        self._clock = clock

    # what there is

    def account(self) -> InstagramAccount | None:
        """The one that reels go to."""
        with self._store.read() as tx:
            return tx.accounts.active()

    def ready(self, *, limit: int, offset: int = 0) -> Listed[ReadyItem]:
        """Approved reels that may be published to the active account."""
        with self._store.read() as tx:
            account = tx.accounts.active()
            taken = tx.publications.taken(account.ig_user_id) if account else frozenset()
            items = tx.reports.reel_items(
                tx.reports.reel_ids(ReelFilter(states=(ReviewStatus.APPROVED,)))
            )
            free = [one for one in items if reel_key(one.reel.id, one.reel.version) not in taken]
            page = free[offset : offset + limit]
            return Listed(tuple(_ready(tx, one, account) for one in page), len(free))

    def item(self, reel_id: int) -> ReadyItem | None:
        """One reel, whatever was decided of it; None when it is gone."""
        with self._store.read() as tx:
            found = tx.reports.reel_items([reel_id])
            return _ready(tx, found[0], tx.accounts.active()) if found else None

    def get(self, publication_id: int) -> PublishItem:
        """Raises NotFound."""
        with self._store.read() as tx:
            return _item(tx, tx.publications.get(publication_id))

    def under_way(self) -> tuple[PublishItem, ...]:
        return self._at(UNDER_WAY)

    def unsure(self) -> tuple[PublishItem, ...]:
        """Those that a person has to look at."""
        return self._at((Step.UNSURE,))

    def failed(self, *, limit: int) -> Listed[PublishItem]:
        """Those that were not published, what failed last first."""
        return self._page((Step.FAILED,), limit, 0)

    def history(self, *, limit: int, offset: int = 0) -> Listed[PublishItem]:
        """What was published, newest first."""
        return self._page((Step.PUBLISHED,), limit, offset)

    def quota(self) -> Quota:
        """Ask Instagram how many posts it takes.

        Raises:
            StatusConflict: No account is connected.
            InstagramError: It could not be asked.
        """
        return self._instagram(self._active().ig_user_id).quota()

    def candidates(self, publication_id: int) -> tuple[RecentMedia, ...]:
        """The account's recent reels that the ledger does not know: one of them may be this.

        Raises:
            InstagramError: Instagram could not be asked.
            NotFound: There is no such publication.
        """
        with self._store.read() as tx:
            row = tx.publications.get(publication_id)
            known = tx.publications.media_ids(row.what.ig_user_id)
        found = self._instagram(row.what.ig_user_id).recent()
        unknown = [one for one in found if one.is_reel and one.id not in known]
        like = {one.id for one in alike(unknown, caption=row.what.caption, known=())}
        return tuple(sorted(unknown, key=lambda one: one.id not in like))

    # the yes of a person

    def publish(
        self,
        reel_id: int,
        *,
        seen: str | None = None,
        options: PostOptions | None = None,
        again: bool = False,
        account: str | None = None,
    ) -> Publication:
        """Publish an approved reel to the active account; the work is a job's.

        Args:
            seen: The `Reel.version` that was shown; None: whichever it is.
            account: Id at Instagram of the account that was shown; None: whichever is active.
            again: Although the same stretch was posted before.

        Raises:
            NotFound: It is gone.
            Outdated: It is another by now.
            PostedBefore: The same stretch was posted; nothing was asked for.
            StatusConflict: It is not approved, is published already or under way, no account is
                connected, or publishing to it is stopped.
            NotAccepted: Instagram would refuse it.
        """
        wanted, now = options or PostOptions(), self._clock()
        with self._store.read() as tx:
            tx.reels.get(reel_id)
        to = self._active()
        if account not in {None, to.ig_user_id}:
            raise Outdated(
                f"reels go to @{to.username} now", hint="Look at it again, then publish."
            )
        with self._store.begin() as tx:
            reel = tx.reels.get(reel_id)
            _check_approved(reel, seen)
            _check_open(tx, to)
            new = _new(tx, reel, to, wanted)
            _check_accepted(reel, new)
            row = tx.publications.claim(new, now=now)
            if row.step is not Step.FAILED and (row.turn or self._has_job(tx, row)):
                raise StatusConflict(f"reel {reel.index + 1} {_standing(row)}", hint=_HINT)
            before = tx.publications.alike(new)
            if before and not again:
                raise PostedBefore(_posted(before), before)
            row = tx.publications.advance(
                row,
                Step.CLAIMED,
                now=now,
                caption=new.caption,
                options=wanted,
                file_size=new.file_size,
                **_AFRESH,
            )
            accept_words(tx, reel)
            self._ask(tx, row, again=True)
        self._jobs.enqueue()
        return row

    def retry(self, publication_id: int) -> Publication:
        """Try one that failed again: the same version, to the same account.

        Raises as `publish`.
        """
        with self._store.read() as tx:
            row = tx.publications.get(publication_id)
        if row.step is not Step.FAILED:
            raise StatusConflict(f"this reel {_standing(row)}")
        what = row.what
        return self.publish(
            what.reel_id, seen=what.reel_version, options=what.options, account=what.ig_user_id
        )

    def is_there(self, publication_id: int, media_id: str) -> Publication:
        """A person has found it on Instagram.

        Raises:
            StatusConflict: Nobody has to look at it any more.
            InstagramError: Instagram could not be asked.
            NotFound: There is no such publication, or no such post among the recent ones.
        """
        found = {one.id: one for one in self.candidates(publication_id)}
        if media_id not in found:
            raise NotFound("Instagram does not list this post")
        media = found[media_id]
        with self._store.begin() as tx:
            row = _unsure(tx, publication_id)
            return tx.publications.advance(
                row,
                Step.PUBLISHED,
                now=self._clock(),
                media_id=media.id,
                permalink=media.permalink,
                published_at=media.posted_at or self._clock(),
                **_NO_TROUBLE,
            )

    def is_not_there(self, publication_id: int, *, seen: Sequence[str]) -> Publication:
        """A person has looked, and says that it is not there: publish it, again.

        Args:
            seen: Ids of the posts that were shown: none of them is this reel.

        Raises:
            StatusConflict: Nobody has to look at it any more, or publishing is stopped.
            NotFound: There is no such publication.
        """
        now = self._clock()
        with self._store.begin() as tx:
            row = _unsure(tx, publication_id)
            if (reason := tx.publications.stopped(row.what.ig_user_id)) is not None:
                raise StatusConflict(f"publishing is stopped: {reason}", hint=_RESUME)
            goes_on = row.fault != LISTED_LATE and _is_good(row, now)
            # The same container stays one whose calls may have posted it, whatever was seen.
            fresh = {} if goes_on else {**_AFRESH, "refusals": row.sends}
            row = tx.publications.advance(
                row,
                Step.READY if goes_on else Step.CLAIMED,
                now=now,
                dismissed=sorted({*row.dismissed, *seen}),
                **{**_NO_TROUBLE, **fresh},
            )
            self._ask(tx, row, again=True)
        self._jobs.enqueue()
        return row

    def cancel(self, publication_id: int) -> None:
        """Stop one that was not sent yet.

        Raises:
            StatusConflict: It was sent: only Instagram knows by now.
            NotFound: There is no such publication.
        """
        with self._store.read() as tx:
            row = tx.publications.get(publication_id)
            job = queue.find(tx, publication_key(row.id))
        if row.step is Step.SENT or not row.is_under_way:
            raise StatusConflict(f"this reel {_standing(row)}")
        if job is not None and job.status in queue.OPEN:
            self._jobs.cancel_job(job.id)
            return
        with self._store.begin() as tx:
            tx.publications.advance(
                row, Step.FAILED, now=self._clock(), trouble="It was stopped.", hint=""
            )

    # accounts to which nothing is published

    def stops(self) -> tuple[Stop, ...]:
        """Of all accounts, also of those that reels do not go to now."""
        with self._store.read() as tx:
            names = {one.ig_user_id: one.username for one in tx.accounts.listed()}
            for row in tx.publications.listed(UNDER_WAY):
                names.setdefault(row.what.ig_user_id, row.what.username)
            return tuple(
                Stop(of, names.get(of, ""), reason)
                for of, reason in tx.publications.stops().items()
            )

    def stopped(self) -> str | None:
        """Why nothing is published to the active account; None when it is."""
        with self._store.read() as tx:
            account = tx.accounts.active()
            return None if account is None else tx.publications.stopped(account.ig_user_id)

    def resume(self, ig_user_id: str) -> None:
        """Publish to an account again; what waits goes on."""
        with self._store.begin() as tx:
            tx.publications.resume(ig_user_id)
        self.wake()

    def wake(self) -> None:
        """Let what waits go on now: something has changed, such as a new login."""
        with self._store.begin() as tx:
            for row in tx.publications.listed(UNDER_WAY):
                self._ask(tx, row)
        self._jobs.enqueue()

    # inside

    def _at(self, steps: Sequence[Step]) -> tuple[PublishItem, ...]:
        with self._store.read() as tx:
            return tuple(_item(tx, row) for row in tx.publications.listed(steps))

    def _page(self, steps: Sequence[Step], limit: int, offset: int) -> Listed[PublishItem]:
        with self._store.read() as tx:
            rows = tx.publications.listed(steps, limit=limit, offset=offset)
            return Listed(tuple(_item(tx, row) for row in rows), tx.publications.count(steps))

    def _active(self) -> InstagramAccount:
        account = self.account()
        if account is None:
            raise StatusConflict("Instagram is not connected", hint="Open Connect first.")
        return account

    def _ask(self, tx: Transaction, row: Publication, *, again: bool = False) -> None:
        """
        Args:
            again: A job that is about to end runs once more.
        """
        new, is_there = publish_job(row), tx.reports.reel_items([row.what.reel_id])
        new = new if is_there else replace(new, video_id=None)  # deleted: the job says so
        queue.enqueue(tx, new, now=self._jobs.now(), again=again)

    @staticmethod
    def _has_job(tx: Transaction, row: Publication) -> bool:
        return queue.find(tx, publication_key(row.id)) is not None


_AFRESH = {
    **{"containers": 0, "container_id": "", "upload_uri": "", "bytes_sent": 0, "stalls": 0},
    **{"trouble": "", "hint": "", "fault": ""},
}
_NO_TROUBLE = {"trouble": "", "hint": "", "fault": ""}
_HINT = "Open Publish: it shows how far it is."
_RESUME = "Look at the reason, then let it go on, on Publish."


def _check_approved(reel: Reel, seen: str | None) -> None:
    if seen is not None and seen != reel.version:
        raise Outdated(f"reel {reel.index + 1} has changed since it was shown")
    if reel.review_status is not ReviewStatus.APPROVED:
        raise StatusConflict(f"reel {reel.index + 1} is not approved", hint="Approve it first.")


def _check_open(tx: Transaction, account: InstagramAccount) -> None:
    reason = tx.publications.stopped(account.ig_user_id)
    if reason is not None:
        raise StatusConflict(
            f"publishing to @{account.username} is stopped: {reason}", hint=_RESUME
        )


def _check_accepted(reel: Reel, new: NewPublication) -> None:
    said = [_trouble(reel)] if _trouble(reel) else []
    if len(new.options.collaborators) > MOST_COLLABORATORS:
        said.append(f"Instagram takes {MOST_COLLABORATORS} collaborators at most.")
    offset = new.options.thumb_offset
    if offset is not None and reel.rendered and not 0 <= offset < reel.rendered.duration:
        said.append("The time of the cover lies outside the reel.")
    if said:
        raise NotAccepted(" ".join(said), hint="Change it on Review or Edit, then publish it.")


def _trouble(reel: Reel) -> str:
    """Why Instagram would refuse the reel, from what is known of it."""
    if reel.rendered is None:
        return "It is not rendered."
    if reel.text is None:
        return "It has no text."
    if not reel.rendered.file.is_file():
        return "Its file is not there."
    broken = [one.rule for one in reel.rendered.report.rules if one.level is RuleLevel.FAIL]
    said = [f"The file breaks Instagram's rules: {', '.join(broken)}."] if broken else []
    return " ".join([*said, *problems(reel.text)])


def _new(
    tx: Transaction, reel: Reel, account: InstagramAccount, options: PostOptions
) -> NewPublication:
    video = tx.videos.get(reel.video_id)
    if reel.rendered is None or reel.text is None:
        raise NotAccepted(_trouble(reel))
    return NewPublication(
        ig_user_id=account.ig_user_id,
        username=account.username,
        reel_id=reel.id,
        video_id=reel.video_id,
        reel_version=reel.version,
        title=reel.text.title,
        caption=full_caption(reel.text.caption, reel.text.hashtags),
        source=source_of(video),
        span=reel.span,
        file_sha256=reel.rendered.sha256,
        file_size=reel.rendered.byte_size,
        options=options,
    )


def source_of(video: Video) -> str:
    """The same for the same film, also when it is imported again."""
    return f"youtube:{video.youtube_id}" if video.youtube_id else f"sha256:{video.source_sha256}"


def _ready(tx: Transaction, item: ReelItem, account: InstagramAccount | None) -> ReadyItem:
    reel = item.reel
    caption = full_caption(reel.text.caption, reel.text.hashtags) if reel.text else ""
    before: tuple[Publication, ...] = ()
    if account is not None and reel.rendered is not None and reel.text is not None:
        before = tx.publications.alike(_new(tx, reel, account, PostOptions()))
    key = reel_key(reel.id, reel.version)
    row = None if account is None else tx.publications.find(account.ig_user_id, key)
    return ReadyItem(item, caption, Review.measure(reel), before, _trouble(reel), row)


def _item(tx: Transaction, row: Publication) -> PublishItem:
    found = tx.reports.reel_items([row.what.reel_id])
    reel, video = (found[0].reel, found[0].video) if found else (None, None)
    return PublishItem(row, reel, video, queue.find(tx, publication_key(row.id)))


def _unsure(tx: Transaction, publication_id: int) -> Publication:
    row = tx.publications.get(publication_id)
    if row.step is not Step.UNSURE:
        raise StatusConflict(f"this reel {_standing(row)}")
    return row


def _is_good(row: Publication, now: datetime) -> bool:
    """Whether Instagram still keeps the container."""
    if not row.container_id or row.ready_at is None or row.container_at is None:
        return False
    return (now - row.container_at).total_seconds() < CONTAINER_GOOD_FOR


def _standing(row: Publication) -> str:
    if row.step is Step.PUBLISHED:
        return f"is published to @{row.what.username} already"
    if row.step is Step.UNSURE:
        return f"may be on @{row.what.username} already: look there first"
    if row.step is Step.FAILED:
        return "was not published"
    return f"is being published to @{row.what.username}"


def _posted(before: tuple[Publication, ...]) -> str:
    last = before[-1]
    when = last.published_at or last.sent_at or last.updated_at
    return f"you posted this on {when.day} {when:%B %Y}" + ("" if last.media_id else ", perhaps")
