"""Whatever is asked of the stand-in of Meta, it answers as Meta might, and nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulators.instagram import instagram_stand_in
from tests.simulators.instagram_asking import House, error, house_of

METHODS = st.sampled_from(["GET", "POST", "DELETE", "PUT"])
NAMES = [
    "access_token", "after", "caption", "client_id", "client_secret", "code", "creation_id",
    "fb_exchange_token", "fields", "grant_type", "input_token", "limit", "media_type", "metric",
    "redirect_uri", "scope", "since", "state", "thumb_offset", "trial_params", "upload_type",
]  # fmt: skip
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["REELS", "resumable", "0", "-1", "{}", "{", "id{", "fb_exchange_token", "http://localhost/b"]
)
PARAMS = st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=5)
EDGES = st.sampled_from(
    ["", "accounts", "permissions", "media", "media_publish", "insights", "owned_pages", "x", "/"]
)


@pytest.fixture(scope="module")
def noisy() -> Iterator[House]:
    """One for all examples; what breaks inside is raised at its end."""
    with instagram_stand_in() as meta, house_of(meta) as made:
        yield made


def restore(house: House) -> None:
    """Undo what an example did to those that follow."""
    house.account.creations.clear()
    house.meta.invalidate(house.user, None)
    if house.app.id not in house.user.grants:
        house.meta.add_token(house.app, house.user)


@settings(deadline=None)
@given(
    method=METHODS,
    node=st.sampled_from(["me", "account", "page", "oauth/access_token", "debug_token", "7", "%"]),
    edge=EDGES,
    params=PARAMS,
)
def test_graph_answers_anything_in_its_envelope(
    noisy: House, method: str, node: str, edge: str, params: dict[str, str]
) -> None:
    restore(noisy)
    known = {"account": noisy.account.id, "page": noisy.page.id}

    answer = noisy.ask(f"{known.get(node, node)}/{edge}", method, **{**params, "token": None})

    assert answer.headers["facebook-api-version"] == "v25.0"
    if answer.status_code != 200:
        assert answer.status_code in {400, 403}
        assert error(answer)["code"]


@settings(deadline=None)
@given(method=METHODS, params=PARAMS)
def test_the_dialog_answers_anything_with_a_page_or_a_way_back(
    noisy: House, method: str, params: dict[str, str]
) -> None:
    address = noisy.dialog(**params)

    answer = noisy.http.request(method, address, data=params, allow_redirects=False, timeout=10)

    assert answer.status_code in {200, 302, 400, 405}
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("http://localhost")


@settings(deadline=None)
@given(
    offset=st.integers(-1, 30) | st.sampled_from(["", "x"]),
    size=st.integers(-1, 30),
    body=st.binary(max_size=30),
)
def test_an_upload_never_holds_more_than_was_sent_or_announced(
    noisy: House, offset: int | str, size: int, body: bytes
) -> None:
    restore(noisy)
    made = noisy.create()

    answer = noisy.upload(made["uri"], body, headers={"offset": str(offset)}, size=size)

    received = noisy.meta.containers[-1].received
    assert received <= max(0, min(len(body), size))
    assert (answer.status_code == 200) == (offset == 0 and len(body) == size)
