"""The stand-in of Gemini by itself, and with many clients at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulators.gemini import KEY, GeminiSimulator, Plan
from tests.simulators.gemini_asking import MODEL, PATIENCE, text
from tests.simulators.gemini_sandbox import main
from tests.simulators.instagram_client import session


def test_the_sandbox_tells_its_address_and_ends_when_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool, session() as http:
        running = pool.submit(main, ["--plan", "not-free"], stop=stop)
        try:
            said = ""
            while said.count("\n") < 2 and not running.done():
                said += capsys.readouterr().out
            told = dict(line.split("=", 1) for line in said.splitlines())
            answer = http.post(
                f"{told['GOOGLE_GEMINI_BASE_URL']}/v1/models/{MODEL}:generateContent",
                json=text(),
                headers={"x-goog-api-key": told["GEMINI_API_KEY"]},
                timeout=PATIENCE,
            )
        finally:
            stop.set()
        running.result(10)

    assert told["GEMINI_API_KEY"] == KEY
    assert answer.status_code == 429


def test_many_threads_share_a_quota_to_the_last_request() -> None:
    with (
        GeminiSimulator(plan=Plan(rpd=10)) as gemini,
        ThreadPoolExecutor(8) as pool,
    ):
        statuses = list(pool.map(lambda _: _status(gemini), range(24)))

        assert sorted(statuses) == [200] * 10 + [429] * 14
        assert gemini.counts().admitted == 10
        assert [request.number for request in gemini.requests] == list(range(1, 25))


def _status(gemini: GeminiSimulator) -> int:
    with session() as http:
        headers = {"x-goog-api-key": gemini.key}
        address = f"{gemini.address}/v1/models/{MODEL}:generateContent"
        answer = http.post(address, json=text(), headers=headers, timeout=PATIENCE)
        return answer.status_code
