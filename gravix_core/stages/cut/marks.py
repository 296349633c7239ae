"""The texts of words in, what ends with each of them out.  Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gravix_core.stages.cut.plan import End

OPENERS = "\"'“”„«»‹›‘’‚「『（([{¿¡*_–—-"
CLOSERS = "\"'”“»«›‹’‘」』）)]}*_"
_STOPS = ".。．｡।॥۔։።។။"
_CALLS = "!?！？؟‽⁉⁈‼՞"
_TRAILS = "…‥"
_CLAUSES = ",;:،؛，、；：–—·"
_MARKS = frozenset(_STOPS + _CALLS + _TRAILS + _CLAUSES)

_ABBREVIATION = re.compile(
    r"""
    (?: \w\. )+                                     # initials, e.g., z.B., U.S.
    | \d{1,2}\.                                     # ordinals, as German writes them
    | (?: mr | mrs | ms | dr | prof | rev | hon | gen | col | sgt | capt | lt | st | sr | jr | mt
        | vs | etc | approx | dept | est | fig | inc | ltd | corp | vol | pp | ed | cf | al
        | jan | feb | mar | apr | jun | jul | aug | sep | sept | oct | nov | dec
        | hr | fr | hrn | ca | bzw | usw | vgl | evtl | ggf | bspw | inkl | nr | str | mio | mrd
        | sog | zzgl | bzgl | abs | tel
        | sra | srta | dra | ud | uds | pág | núm | av
        | mme | mlle | mgr | env | p\.ex
        | sig | dott | ecc | pag
        | bv | enz | dhr | mevr | bijv | nl
        | т | г | гг | др | пр | ул | им | руб | тыс | млн | млрд | стр | см
    )\.
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(r"(?:no|nos|nr|art|sec|ch)\.", re.IGNORECASE)
"""Abbreviations only in front of a number: "No. 5", but "No. I did not." """
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")


def read_ends(texts: Sequence[str]) -> list[End]:
    """What ends with each word: a sentence, a clause, or the word alone.

    A sentence ends with a mark that belongs to no abbreviation, before a word that does not go on
    in small letters where the transcript begins its sentences with capitals.
    """
    following = [*(text.lstrip(OPENERS) for text in texts[1:]), ""]
    marked = [text.rstrip(CLOSERS) for text in texts]
    cased = _is_cased(texts)
    return [
        _end_of(text, after, cased=cased) if text and text[-1] in _MARKS else End.WORD
        for text, after in zip(marked, following, strict=True)
    ]


def _is_cased(texts: Sequence[str]) -> bool:
    """Whether sentences begin with capitals, and other words do not."""
    begins = [
        after.lstrip(OPENERS)[:1]
        for text, after in pairwise(texts)
        if text.rstrip(CLOSERS)[-1:] in tuple(_STOPS + _CALLS)
    ]
    capitals = sum(one.isupper() for one in begins)
    return capitals * 2 >= len(begins) and any(text.islower() for text in texts)


def _end_of(text: str, after: str, *, cased: bool) -> End:
    mark = text[-1]
    if mark in _CLAUSES:
        is_question = mark == ";" and _GREEK.search(text) is not None
        return End.SENTENCE if is_question else End.CLAUSE
    if not after:
        return End.SENTENCE
    goes_on = cased and after[:1].islower()
    if mark in _TRAILS or text.endswith(".."):
        return End.SENTENCE if cased and after[:1].isupper() else End.CLAUSE
    if mark == "." and _is_abbreviation(text.lstrip(OPENERS), after):
        return End.WORD
    return End.CLAUSE if goes_on else End.SENTENCE


def _is_abbreviation(text: str, after: str) -> bool:
    if _NUMBER.fullmatch(text):
        return after[:1].isdigit()
    return _ABBREVIATION.fullmatch(text) is not None
