"""A prompt in, what Gemini answers out: the only file that knows Google's library.

Importing the library takes more than a second, so that is done at the first request.  It is asked
once: trying again is the jobs' business.  Its transport's errors are no part of its API, and its
messages may hold what the server said of the key, so each becomes a `CaptionError` of our own.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from gravix_core.errors import Cancelled, CaptionError
from gravix_core.model import Seconds
from gravix_core.stages.caption.base import never
from gravix_core.stages.caption.deadline import by_deadline
from gravix_core.stages.caption.foreign import one_line
from gravix_core.stages.caption.gemini_faults import Told, error_of, seconds_of, told_of
from gravix_core.stages.caption.gemini_models import bare, cost, price_of
from gravix_core.stages.caption.prompt import Answered, Prompt
from gravix_core.texts import ModelInfo, Usage

if TYPE_CHECKING:
    import httpx2
    from google import genai
    from google.genai import types

T = TypeVar("T")

TIMEOUT: Seconds = 90.0
"""Google refuses less than 10 s; an answer for ten reels takes up to a minute."""
PATIENCE = 2
"""Times the timeout: until an answer must be whole, however its head or its body drips."""
MOST_BYTES = 8_000_000
"""Of an answer; one for ten reels has 20 thousand."""
MOST_PAGES, MOST_MODELS = 10, 200
"""Of the list of models."""
LONGEST_LABEL = 80
"""Characters of a model's name, or label."""
MOST_TOKENS = 2**31 - 1
"""That are believed of an answer; a model reads and writes a million at most."""
_NO_TEXTS = ("image", "tts", "audio", "live", "embedding", "robotics", "computer-use")
"""In the names of models that can generate content, but not of this kind."""


class Gemini:
    """One account at Google; asks with one model.

    Args:
        key: Of the Gemini API.
        model: Its name, with or without ``models/``.
        base_url: Where the API is; empty: where Google's library has it.
        timeout: Until an answer must begin, and between two pieces of it.
    """

    def __init__(
        self, key: str, model: str, *, base_url: str = "", timeout: Seconds = TIMEOUT
    ) -> None:
        self._key, self.model = key, bare(model)
        self._base_url, self._timeout = base_url, timeout

    def __repr__(self) -> str:
        return f"Gemini(model={self.model!r})"

    def ask(self, prompt: Prompt, should_stop: Callable[[], bool] = never) -> Answered:
        """One request.

        Raises:
            CaptionError: There was no answer.
            Cancelled: `should_stop` said so before there was one.
        """
        with self._client() as (client, types):
            response = self._in_time(
                lambda: client.models.generate_content(
                    model=self.model,
                    contents=_contents(prompt, types),
                    config=_config(prompt, self.model, types),
                ),
                should_stop,
            )
            return self._without_key(_answered(response, self.model))

    def models(self) -> tuple[ModelInfo, ...]:
        """Those that the key can use and that write texts.

        Raises:
            CaptionError: There was no answer.
        """
        with self._client() as (client, _):
            found = self._in_time(lambda: _listed(client), never)
            known = {one.name: one for one in map(self._info, filter(_writes_texts, found))}
            return tuple(known.values())[:MOST_MODELS]

    def _in_time(self, work: Callable[[], T], should_stop: Callable[[], bool]) -> T:
        return by_deadline(work, seconds=PATIENCE * self._timeout, should_stop=should_stop)

    @contextmanager
    def _client(self) -> Iterator[tuple[genai.Client, Any]]:
        """A client for one request, closed behind it; whatever goes wrong is ours."""
        try:
            from google import genai  # noqa: PLC0415  it takes 1.4 s
            from google.genai import types  # noqa: PLC0415

            # A finish reason that is new at Google is no news for the terminal.
            warnings.filterwarnings("ignore", r"(?s).* is not a valid \w+$", UserWarning)
            options = types.HttpOptions(
                base_url=self._base_url or None,
                timeout=round(self._timeout * 1000),
                headers={"Accept-Encoding": "identity"},  # what is packed may be of any size
                client_args={
                    "follow_redirects": False,  # the key stands in a header of Google's own
                    "event_hooks": {"response": [_bound]},
                },
            )
            client = genai.Client(api_key=self._key, vertexai=False, http_options=options)
            try:
                yield client, types
            finally:
                client.close()
        except (CaptionError, Cancelled):
            raise
        except Exception as exc:
            raise self._error(exc) from None

    def _without_key(self, answered: Answered) -> Answered:
        """Whatever stands between here and Google may write the key into what it answers."""
        return replace(
            answered,
            text=None if answered.text is None else _hidden(answered.text, self._key),
            why=_hidden(answered.why, self._key),
        )

    def _info(self, model: types.Model) -> ModelInfo:
        name = bare(model.name or "")
        label = one_line(_hidden(model.display_name or "", self._key))[:LONGEST_LABEL]
        return ModelInfo(name, label or name, price_of(name))

    def _error(self, exc: Exception) -> CaptionError:
        status = getattr(exc, "code", None)
        if isinstance(status, int) and not isinstance(status, bool):
            told = told_of(status, getattr(exc, "details", None), model=self.model)
            if told.delay is None:
                told = replace(told, delay=_delay(exc))
        else:
            told = Told(None, type(exc).__name__, str(exc), model=self.model)
        return error_of(_redacted(told, self._key))


def _bound(response: httpx2.Response) -> None:
    """A hook after which an answer of too many bytes, or that is packed, is an error."""
    import httpx2  # noqa: PLC0415  comes with Google's library

    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ValueError("the answer is packed, which was not asked for")

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, inner: httpx2.SyncByteStream) -> None:
            self._inner = inner

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for chunk in self._inner:
                size += len(chunk)
                if size > MOST_BYTES:
                    raise ValueError("the answer is too large")
                yield chunk

        def close(self) -> None:
            self._inner.close()

    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = Bounded(response.stream)


def _listed(client: genai.Client) -> list[types.Model]:
    pager = client.models.list(config={"page_size": 1000})
    found = list[Any]()
    for _page in range(MOST_PAGES):
        found += pager.page
        if not pager.config.get("page_token"):
            break
        pager.next_page()
    return found


def _contents(prompt: Prompt, kit: Any) -> list[types.Content]:
    parts = [
        kit.Part.from_text(text=part)
        if isinstance(part, str)
        else kit.Part.from_bytes(data=part, mime_type="image/jpeg")
        for part in prompt.parts
    ]
    return [kit.Content(role="user", parts=parts)]


def _config(prompt: Prompt, model: str, kit: Any) -> types.GenerateContentConfig:
    """Without temperature and its like, which are deprecated; Gemini 2 has no levels of thought."""
    thinks = not model.startswith(("gemini-1", "gemini-2"))
    config: types.GenerateContentConfig = kit.GenerateContentConfig(
        system_instruction=prompt.system,
        response_mime_type="application/json",
        response_schema=prompt.schema,
        max_output_tokens=prompt.max_output_tokens,
        media_resolution="MEDIA_RESOLUTION_LOW",
        thinking_config=kit.ThinkingConfig(thinking_level="LOW") if thinks else None,
        automatic_function_calling=kit.AutomaticFunctionCallingConfig(disable=True),
    )
    return config


def _answered(response: types.GenerateContentResponse, model: str) -> Answered:
    if not (response.candidates or response.prompt_feedback or response.usage_metadata):
        raise error_of(Told(200, "empty", model=model))
    candidate = response.candidates[0] if response.candidates else None
    content = candidate.content if candidate else None
    parts = (content.parts if content else None) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    return Answered(text or None, _usage(response, model), _why(response, candidate, text))


def _why(response: Any, candidate: Any, text: str) -> str:
    """Google's name for what kept the answer from being whole; empty when it is."""
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason:
        return f"blocked: {_name(feedback.block_reason)}"
    finish = _name(candidate.finish_reason) if candidate and candidate.finish_reason else ""
    if text.strip():
        return "MAX_TOKENS" if finish == "MAX_TOKENS" else ""
    return finish or "no candidates"


def _name(value: Any) -> str:
    return str(getattr(value, "value", value))


def _usage(response: types.GenerateContentResponse, model: str) -> Usage:
    told = response.usage_metadata

    def count(*names: str) -> int:
        known = sum(max(0, getattr(told, name, None) or 0) for name in names)
        return min(known, MOST_TOKENS)

    usage = Usage(
        model=model,
        input_tokens=count("prompt_token_count"),
        output_tokens=count("candidates_token_count", "thoughts_token_count"),
    )
    return replace(usage, cost=cost(usage))


def _writes_texts(model: types.Model) -> bool:
    name = bare(model.name or "")
    can = "generateContent" in (model.supported_actions or [])
    is_name = re.fullmatch(r"gemini-[\w.-]+", name, re.ASCII) and len(name) <= LONGEST_LABEL
    return bool(can and is_name) and not any(kind in name for kind in _NO_TEXTS)


def _delay(exc: Exception) -> Seconds | None:
    """What the header Retry-After says, in seconds."""
    headers = getattr(getattr(exc, "response", None), "headers", None)
    return seconds_of(headers.get("retry-after")) if headers is not None else None


def _redacted(told: Told, key: str) -> Told:
    """Without the key, wherever a server repeats it."""
    return replace(
        told,
        name=_hidden(told.name, key),
        message=_hidden(told.message, key),
        reasons=tuple(_hidden(one, key) for one in told.reasons),
        quotas=tuple(_hidden(one, key) for one in told.quotas),
    )


def _hidden(text: str, key: str) -> str:
    return text.replace(key, "…") if key.strip() else text
