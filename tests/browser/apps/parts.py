"""A dashboard for the tests of the parts: one page for each, behind the real guard.

`/api/uploads` is a stand-in with the contract of the real route.  What it does with a file
is in the file's name: of ``held`` no more than the first part is read until the gate is open,
and ``odd`` is refused.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from gravix_core.web.guard import guards

FIRST_PART = 5_000_000
batches: dict[str, list[str]] = {}
added: list[str] = []
gate = {"open": True}


async def put(request: Request) -> Response:
    batch, name = request.path_params["batch"], request.path_params["name"]
    batches.setdefault(batch, [])
    received = 0
    async for piece in request.stream():
        received += len(piece)
        while "held" in name and received > FIRST_PART and not gate["open"]:
            if await request.is_disconnected():
                return Response(status_code=400)
            await asyncio.sleep(0.02)
    if "odd" in name:
        message = "This file holds <b>no video</b>"
        return JSONResponse({"message": message, "hint": "Choose another."}, 422)
    batches[batch].append(name)
    return Response(status_code=204)


async def finish(request: Request) -> Response:
    names = batches.pop(request.path_params["batch"])
    choice = await request.json()
    known = names[-1] in added
    added.append(names[-1])
    answer = {"video_id": len(added), "title": Path(names[-1]).stem, "known": known}
    notes = [f"{' + '.join(names)} as {choice['layout']}, {choice['chunk_duration']} s."]
    return JSONResponse({**answer, "notes": notes}, 201)


async def drop(request: Request) -> Response:
    batches.pop(request.path_params["batch"], None)
    return Response(status_code=204)


async def turn(request: Request) -> Response:
    gate["open"] = request.path_params["state"] == "open"
    return Response(status_code=204)


async def left(request: Request) -> Response:
    return JSONResponse({"batches": list(batches.values()), "added": added})


async def film(request: Request) -> Response:
    return FileResponse(os.environ["TEST_FILM"])


async def stale(request: Request) -> Response:
    """The film under an address that runs out."""
    if request.query_params["exp"] == "old":
        return Response(status_code=403)
    return FileResponse(os.environ["TEST_FILM"])


app = st.App(
    Path(__file__).with_name("parts_pages.py"),
    routes=[
        Route("/api/uploads/{batch}/{name}", put, methods=["PUT"]),
        Route("/api/uploads/{batch}", finish, methods=["POST"]),
        Route("/api/uploads/{batch}", drop, methods=["DELETE"]),
        Route("/test/gate/{state}", turn, methods=["POST"]),
        Route("/test/left", left),
        Route("/test/film.mp4", film),
        Route("/test/stale.mp4", stale),
    ],
    middleware=guards(),
)
