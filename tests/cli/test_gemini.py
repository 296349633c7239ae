"""`gemini`: what it says, what it sends nowhere, and who wrote the texts of `process`."""

from __future__ import annotations

import pytest

from gravix_core.cli.gemini import WHAT_IS_SENT
from tests.cli.command import House
from tests.media.clips import Clips
from tests.simulators.gemini import GeminiSimulator, Mode

pytestmark = pytest.mark.slow


def test_without_a_key_it_says_so_and_what_would_be_sent(house: House) -> None:
    said = house.run("gemini")
    assert said.code == 0
    assert "Gemini is off" in said.out
    assert "There is no key" in said.out
    assert "train its models" in said.out


@pytest.mark.parametrize("part", ["written anew", "instruction", "learned", "titles"])
def test_all_that_is_sent_is_told(part: str) -> None:
    assert part in WHAT_IS_SENT


def test_consent_is_given_and_taken_back(house: House) -> None:
    key = {"GEMINI_API_KEY": "sekret-gemini"}
    assert not house.run("gemini", "--json", env=key).json["is_on"]
    given = house.run("gemini", "--agree", "--json", env=key)
    assert given.json["is_on"]
    assert "sekret" not in given.out + given.err
    assert not house.run("gemini", "--take-back", "--json", env=key).json["is_on"]


def test_consent_cannot_be_given_and_taken_back_at_once(house: House) -> None:
    assert house.run("gemini", "--agree", "--take-back").code == 2


def test_chosen_model_wins_until_it_is_given_up(house: House) -> None:
    key = {"GEMINI_API_KEY": "sekret-gemini", "GEMINI_MODEL": "gemini-from-env"}
    chosen = house.run("gemini", "--model", "gemini-chosen", "--json", env=key)
    assert chosen.json["model"] == "gemini-chosen"
    assert house.run("gemini", "--model", "", "--json", env=key).json["model"] == "gemini-from-env"


def test_models_are_asked_for_and_without_a_key_that_is_refused(house: House) -> None:
    refused = house.run("gemini", "--models")
    assert (refused.code, len(refused.err.splitlines())) == (1, 2)
    with GeminiSimulator() as gemini:
        env = env_of(gemini)
        assert "agree" in house.run("gemini", "--models", env=env).err
        found = house.run("gemini", "--agree", "--models", "--json", env=env).json["models"]
        assert house.run("gemini", "--take-back", "--models", env=env).code == 1
    assert "gemini-3.5-flash-lite" in {model["name"] for model in found}


def test_process_has_texts_of_gemini_and_says_who_wrote_them(clips: Clips, house: House) -> None:
    with GeminiSimulator() as gemini:
        house.run("gemini", "--agree", env=env_of(gemini))
        said = house.run("process", clips("mono.mp4"), env=env_of(gemini))
        told = house.run("gemini", "--json", env=env_of(gemini))
        assert len(gemini.generated) == 1
    assert said.code == 0, said.err
    assert "by gemini." in said.out
    assert told.json["months"][0]["requests"] == 1


def test_process_is_done_with_a_bad_key_and_says_once_what_to_do(
    clips: Clips, house: House
) -> None:
    with GeminiSimulator() as gemini:
        env = env_of(gemini)
        gemini.fail(Mode.KEY_INVALID)
        house.run("gemini", "--agree", env=env)
        said = house.run("process", clips("mono.mp4"), "--json", env=env)
        found = house.run("doctor", "--json", env=env)
        assert len(gemini.generated) == 1
    assert said.code == 0, said.err
    assert {reel["written_by"] for reel in said.json["reels"]} == {"basic"}
    (told,) = said.complaint
    assert "key" in told
    (check,) = [one for one in found.json["checks"] if one["name"] == "GEMINI_API_KEY"]
    assert (check["state"], check["todo"]) == ("warn", told)
    assert gemini.key not in said.out + said.err + found.out


def env_of(gemini: GeminiSimulator) -> dict[str, str]:
    return {"GEMINI_API_KEY": gemini.key, "GOOGLE_GEMINI_BASE_URL": gemini.address}
