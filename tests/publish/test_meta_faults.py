"""What Meta answers in, who has to do what out."""

from __future__ import annotations

import pytest

from gravix_core.stages.publish.meta_faults import (
    BY_CODE,
    BY_SUBCODE,
    FAULTS,
    HOUR,
    Kind,
    Told,
    cleaned,
    error_of,
    fault_of,
    subcode_in,
)

T, W, P = Kind.TRANSIENT, Kind.WAIT, Kind.PERMANENT
C, A, N = Kind.RECONNECT, Kind.ACTION, Kind.RENEW

CONTRACT: tuple[tuple[int | None, int | None, Kind], ...] = (
    (1, None, T), (2, None, T), (1, 2207057, P), (3, None, A), (4, None, W), (4, 2207051, A),
    (4, 1349210, W), (9, 2207042, W), (10, None, C), (17, None, W), (32, None, W), (341, None, W),
    (613, None, W), (24, 2207006, N), (24, 2207008, T), (25, 2207050, A), (36000, 2207004, P),
    (36001, 2207005, P), (36003, 2207009, P), (36004, 2207010, P), (100, None, P), (100, 33, T),
    (100, 2207023, P), (100, 2207028, P), (100, 2207035, P), (100, 2207036, P), (100, 2207037, P),
    (100, 2207040, P), (100, 2207018, P), (100, 2207081, P), (100, 2207065, P), (100, 36008, A),
    (100, 36009, C), (101, None, A), (102, None, C), (190, None, C), (190, 458, C), (190, 459, A),
    (190, 460, C), (190, 463, C), (190, 464, A), (190, 467, C), (190, 492, A), (200, None, C),
    (299, None, C), (352, 2207026, P), (368, None, A), (506, None, P), (-1, 2207001, T),
    (-1, 2207032, N), (-1, 2207053, N), (-2, 2207003, T), (-2, 2207020, N), (9004, 2207052, T),
    (9007, 2207027, T), (80002, None, W), (None, 2207026, P), (None, 2207076, N),
    (None, 2207077, N), (None, 2207082, N), (None, 2207085, A),
)  # fmt: skip
"""Code, subcode, class: section 4.2 of the contract, row by row."""


@pytest.mark.parametrize(("code", "subcode", "kind"), CONTRACT)
def test_row_of_the_contract_has_its_class_a_sentence_and_an_advice(
    code: int | None, subcode: int | None, kind: Kind
) -> None:
    fault = fault_of(Told(code, subcode))
    assert fault.kind is kind
    assert fault.code in FAULTS
    assert fault.sentence.endswith(".")
    assert fault.hint.endswith(".")


def test_no_row_of_the_table_is_untested() -> None:
    tested = {(code, subcode) for code, subcode, _ in CONTRACT}
    assert set(BY_SUBCODE) <= tested
    assert {(code, None) for code in BY_CODE if not 200 < code < 299} - {(352, None)} <= tested


def test_every_fault_that_waits_says_how_long_and_no_other_does() -> None:
    assert {fault.kind is W for fault in FAULTS.values() if fault.wait is not None} == {True}
    assert all(fault.wait for fault in FAULTS.values() if fault.kind is W)


def test_subcode_goes_before_the_code_and_the_code_before_what_is_called_transient() -> None:
    assert fault_of(Told(4, 2207051, is_transient=True)).code == "spam"
    assert fault_of(Told(1, 2207057, is_transient=True)).kind is P
    assert fault_of(Told(190, None, is_transient=True)).kind is C


@pytest.mark.parametrize(("transient", "kind"), [(True, T), (False, P), (None, P)])
def test_unknown_subcode_is_as_transient_as_meta_says_and_shows_its_words(
    transient: bool | None, kind: Kind
) -> None:
    fault = fault_of(Told(100, 2207999, transient, message="raw", shown="Das geht nicht"))
    assert fault.kind is kind
    assert "Das geht nicht" in fault.sentence
    assert "2207999" in fault.sentence


def test_unknown_subcode_of_a_dead_token_is_still_a_dead_token() -> None:
    assert fault_of(Told(190, 999)).kind is C


def test_page_permission_keeps_the_connection() -> None:
    said = "You must grant X before impersonating a user's page."
    fault = fault_of(Told(190, None, message=said))
    assert (fault.code, fault.kind) == ("page_permission", A)


def test_limit_lasts_as_long_as_the_headers_say() -> None:
    assert fault_of(Told(80002, regain=19 * 60)).wait == 19 * 60
    assert fault_of(Told(80002)).wait == HOUR


def test_missing_signature_is_no_bad_input() -> None:
    said = "API calls from the server require an appsecret_proof argument"
    assert fault_of(Told(100, message=said)).code == "proof"


def test_subcode_is_read_out_of_a_container() -> None:
    assert subcode_in("Error: Media upload has failed with error code 2207026") == 2207026
    assert subcode_in("Finished: Media has been uploaded") is None


def test_error_names_no_token_and_no_address() -> None:
    token = "EAA" + "b" * 180
    told = Told(7777, message=f"no: {token} at https://graph.facebook.com/me?access_token={token}")
    error = error_of(told)
    for text in (str(error), error.hint, error.details, repr(error)):
        assert token not in text
        assert "graph.facebook.com" not in text


def test_long_message_is_cut() -> None:
    assert len(cleaned("word " * 200)) == 200
