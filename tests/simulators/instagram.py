"""Apps, people and accounts in, a stand-in of Meta's three hosts out, over HTTP on loopback.

    with instagram_stand_in(seed=1) as meta:
        app = meta.add_app(id="1234", secret="planted", redirect_uris=("https://x.test/back",))
        ada = meta.add_user("Ada")
        page = meta.add_page(ada, name="Ada's boats", instagram=Account("ada.boats"))
        meta.fail(Endpoint.PUBLISH, status=500, after=True, times=1)
        back = meta.consent(f"{meta.dialog_url}/v25.0/dialog/oauth?client_id=1234&...")
        meta.clock.go(days=50)

Its behaviour follows what is known of Meta's servers, not what our client asks for.  What is
open there is a switch: `meta.switches`, see `Switches`.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Unpack

from tests.simulators.instagram_builders import Builders
from tests.simulators.instagram_client import click_through, fetch
from tests.simulators.instagram_clock import Clock
from tests.simulators.instagram_graph import business_usage
from tests.simulators.instagram_holds import Hold
from tests.simulators.instagram_oauth import authenticate, proof_of
from tests.simulators.instagram_ports import listen, served
from tests.simulators.instagram_server import Program
from tests.simulators.instagram_things import (
    NEVER,
    TASKS,
    Account,
    App,
    Code,
    Container,
    LoginConfig,
    Media,
    Page,
    Token,
    User,
)
from tests.simulators.instagram_words import (
    Endpoint,
    Fault,
    FaultOptions,
    PublishMode,
    Reason,
    RepeatMode,
    Request,
    Role,
)
from tests.simulators.instagram_world import Fetch, World

__all__ = [
    "NEVER",
    "TASKS",
    "Account",
    "App",
    "Clock",
    "Endpoint",
    "InstagramSimulator",
    "LoginConfig",
    "Media",
    "Page",
    "PublishMode",
    "Reason",
    "RepeatMode",
    "Request",
    "Role",
    "Token",
    "User",
    "authenticate",
    "instagram_stand_in",
    "proof_of",
]
WITHIN = 30.0


class InstagramSimulator(Builders):
    """Every method may be called from any thread."""

    def __init__(self, world: World, program: Program) -> None:
        super().__init__(world, program.lock)
        self._program = program
        self.clock, self.switches = world.clock, world.switches
        self.dialog_url, self.graph_url = world.dialog_url, world.graph_url
        self.rupload_url = world.rupload_url

    # What it is asked to do

    @property
    def fetch(self) -> Fetch:
        """How Meta reads a video_url or file_url."""
        return self._world.fetch

    @fetch.setter
    def fetch(self, fetch: Fetch) -> None:
        self._world.fetch = fetch

    @property
    def page_size(self) -> int:
        """Objects per page of a list, at most."""
        return self.switches.page_size

    @page_size.setter
    def page_size(self, size: int) -> None:
        self.switches.page_size = size

    @property
    def publish_mode(self) -> PublishMode:
        """Of a container's first publication."""
        return self.switches.publish_mode

    @publish_mode.setter
    def publish_mode(self, mode: PublishMode) -> None:
        self.switches.publish_mode = mode

    @property
    def repeat_mode(self) -> RepeatMode:
        """Of a container that is already published."""
        return self.switches.repeat_mode

    @repeat_mode.setter
    def repeat_mode(self, mode: RepeatMode) -> None:
        self.switches.repeat_mode = mode

    def consent(self, address: str, **decision: Any) -> str:
        """Decide on a dialog as a person in a browser; see `click_through`."""
        return click_through(address, **decision)

    # What goes wrong

    def fail(self, endpoint: Endpoint, **options: Unpack[FaultOptions]) -> Fault:
        """Spoil requests from now on, until `mend`; earlier faults come first."""
        fault = Fault(endpoint, **options)
        with self._program.lock:
            self._world.faults.append(fault)
        return fault

    @contextmanager
    def hold(self, endpoint: Endpoint, **options: Unpack[FaultOptions]) -> Iterator[Hold]:
        """Let requests stand still while the block runs; see `Fault.hold`."""
        options["hold"] = hold = Hold(self._program.changed)
        fault = self.fail(endpoint, **options)
        try:
            yield hold
        finally:
            with self._program.lock:
                self._world.faults[:] = [f for f in self._world.faults if f is not fault]
            hold.release()

    def mend(self, endpoint: Endpoint | None = None) -> None:
        """End the faults of one endpoint, or all."""
        with self._program.lock:
            kept = [f for f in self._world.faults if endpoint not in {None, f.endpoint}]
            self._world.faults[:] = kept

    def invalidate(self, what: Token | User | Page | str, reason: Reason | None) -> None:
        """Kill the tokens of somebody, or one by its value; None: let them live again."""
        with self._program.lock:
            for token in self._world.tokens.values():
                if any(what is own for own in (token, token.user, token.page)) or (
                    what == token.value
                ):
                    token.invalid = reason

    def throttle(self, account: Account, *, minutes: float) -> None:
        """Refuse calls about this account with 80002; a call meanwhile makes it longer."""
        account.blocked_until = self.clock.time() + 60 * minutes

    def use_calls(self, key: Account | str, call_count: int, *, regain: int = 0) -> None:
        """Tell this in X-Business-Use-Case-Usage of every answer; `regain` in minutes."""
        name = key.id if isinstance(key, Account) else key
        entry = business_usage(call_count=call_count, regain=regain)
        with self._program.lock:
            self.switches.business_usage = {**(self.switches.business_usage or {}), name: [entry]}

    # What happened

    @property
    def journal(self) -> tuple[Request, ...]:
        """Every request, in order of arrival; those that run go on changing."""
        with self._program.lock:
            return tuple(self._world.journal)

    def asked(self, endpoint: Endpoint) -> tuple[Request, ...]:
        return tuple(request for request in self.journal if request.endpoint is endpoint)

    def forget(self) -> None:
        """Empty the journal."""
        with self._program.lock:
            self._world.journal.clear()

    def media(self, account: Account | str | None = None) -> tuple[Media, ...]:
        """The posts of one account, or all, oldest first."""
        name = account.id if isinstance(account, Account) else account
        with self._program.lock:
            return tuple(m for m in self._world.media.values() if name in {None, m.account.id})

    @property
    def containers(self) -> tuple[Container, ...]:
        """In the order of their creation."""
        with self._program.lock:
            return tuple(self._world.containers.values())

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Dead ones too, in the order in which they were given."""
        with self._program.lock:
            return tuple(self._world.tokens.values())

    @property
    def codes(self) -> tuple[Code, ...]:
        with self._program.lock:
            return tuple(self._world.codes.values())

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every text that nobody but the app and Meta may ever see."""
        with self._program.lock:
            apps = [app.secret for app in self._world.apps.values()]
            return (*apps, *self._world.tokens, *self._world.codes)

    def wait_until(
        self, condition: Callable[[], object], what: str, *, within: float = WITHIN
    ) -> None:
        """Wait for a condition on what happened, looked at whenever a request moves on."""
        with self._program.changed:
            found = self._program.changed.wait_for(condition, within)
        assert found, f"not within {within:g} s: {what}"

    def settle(self, *, within: float = WITHIN) -> None:
        """Wait until every request so far is done."""
        self.wait_until(lambda: all(r.done for r in self.journal), "all answers", within=within)

    def close(self) -> None:
        """Give the files back.

        Raises:
            Exception: What went wrong inside.
        """
        for container in self.containers:
            container.file.close()
        for exc in self._program.broken:
            raise exc


@contextmanager
def instagram_stand_in(
    seed: int = 1,
    *,
    clock: Clock | None = None,
    ports: tuple[int, int, int] = (0, 0, 0),
    fetch: Fetch = fetch,
) -> Iterator[InstagramSimulator]:
    """A world without anybody in it, answering while the block runs.

    Args:
        seed: Of all ids and tokens.
        clock: None: one that stands still on the day of the contract.
        ports: Of dialog, graph and rupload; 0: any.
        fetch: How Meta reads a video_url or file_url.
    """
    world = World(clock or Clock(), random.Random(seed), fetch)
    with ExitStack() as stack:
        sockets = [stack.enter_context(closing(listen(port))) for port in ports]
        world.dialog_url, world.graph_url, world.rupload_url = map(_address, sockets)
        numbers = [one.getsockname()[1] for one in sockets]
        program = Program(world, dict(zip(numbers, Role, strict=True)))
        simulator = InstagramSimulator(world, program)
        stack.callback(simulator.close)
        stack.enter_context(served(program, sockets))
        yield simulator


def _address(one: socket.socket) -> str:
    host, port = one.getsockname()
    return f"http://{host}:{port}"


if __name__ == "__main__":
    from tests.simulators.instagram_sandbox import main

    main()
