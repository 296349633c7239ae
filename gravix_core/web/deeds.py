"""A deed that may block in; an endpoint that answers errors, and the end of the server, out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gravix_core.errors import GravixError
from gravix_core.web.bodies import fields_of
from gravix_core.web.errors import Stopping, in_fields
from gravix_core.web.lifespan import stopping
from gravix_core.web.streams import until_stopped

Fields = dict[str, object]
"""Of the body; none of a request that has none."""
Deed = Callable[[Request, Fields], Response]
Wrong = Callable[[Request, GravixError], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_programs(_request: Request, error: GravixError) -> Response:
    return in_fields(error)


def answering(deed: Deed, *, wrong: Wrong = for_programs) -> Endpoint:
    """`deed`, in a thread that is left behind when the server stops.

    Args:
        wrong: What is answered to an error.
    """

    async def work(request: Request) -> Response:
        fields = await fields_of(request) if request.method == "POST" else {}
        do = partial(deed, request, fields)
        return await anyio.to_thread.run_sync(do, abandon_on_cancel=True)

    async def endpoint(request: Request) -> Response:
        try:
            answer = await until_stopped(partial(work, request), stopping=stopping)
        except GravixError as error:
            return wrong(request, error)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody hears it
        return answer or in_fields(Stopping("Gravix is ending"))

    return endpoint
