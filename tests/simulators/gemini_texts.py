"""A request in, the words of its answer out: plausible, in its language, no two titles alike."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.simulators.gemini_prompt import keywords, language_of, stretch
from tests.simulators.gemini_schema import Kind

_TITLES = {
    "en": ("Why {a} changes {b}", "The truth about {a}", "What {a} taught me", "{a}, and then {b}"),
    "es": ("Por qué {a} cambia {b}", "La verdad sobre {a}", "Lo que aprendí de {a}", "{a} y {b}"),
    "pt": ("Por que {a} muda {b}", "A verdade sobre {a}", "O que aprendi com {a}", "{a} e {b}"),
    "de": ("Warum {a} {b} ändert", "Die Wahrheit über {a}", "Was {a} mich lehrte", "{a} und {b}"),
    "fr": ("Pourquoi {a} change {b}", "La vérité sur {a}", "Ce que {a} m'a appris", "{a} et {b}"),
    "hi": ("{a} से {b} क्यों बदलता है", "{a} के बारे में सच", "{a} ने क्या सिखाया", "{a} और {b}"),
    "ja": ("{a}が{b}を変える理由", "{a}についての真実", "{a}から学んだこと", "{a}と{b}"),
}
_CAPTIONS = {
    "en": "This moment is about {a} and {b}. It shows what most people miss. What do you think?",
    "es": "Este momento trata de {a} y {b}. Muestra lo que casi nadie ve. ¿Qué opinas?",
    "pt": "Este momento fala de {a} e {b}. Mostra o que quase ninguém vê. O que você acha?",
    "de": "Hier geht es um {a} und {b}. Das übersehen die meisten. Was denkst du?",
    "fr": "Ce moment parle de {a} et de {b}. Peu de gens le voient. Qu'en pensez-vous ?",
    "hi": "यह पल {a} और {b} के बारे में है। ज़्यादातर लोग इसे नहीं देखते। आप क्या सोचते हैं?",
    "ja": "これは{a}と{b}の話です。多くの人が見落としています。どう思いますか？",
}
_REASONS = {
    "en": "It opens with {a} and ends on a clear thought.",
    "es": "Empieza con {a} y termina con una idea clara.",
    "pt": "Começa com {a} e termina com uma ideia clara.",
    "de": "Es beginnt mit {a} und endet mit einem klaren Gedanken.",
    "fr": "Cela commence par {a} et finit sur une idée claire.",
    "hi": "यह {a} से शुरू होता है और एक साफ़ विचार पर खत्म होता है।",
    "ja": "{a}から始まり、明確な考えで終わります。",
}
_SPARE = {
    "en": ("ideas", "stories", "learning", "moments", "courage", "habits"),
    "es": ("ideas", "historias", "aprender", "momentos", "valor", "hábitos"),
    "pt": ("ideias", "histórias", "aprender", "momentos", "coragem", "hábitos"),
    "de": ("Ideen", "Geschichten", "Lernen", "Momente", "Mut", "Gewohnheiten"),
    "fr": ("idées", "histoires", "apprendre", "moments", "courage", "habitudes"),
    "hi": ("विचार", "कहानी", "सीखना", "पल", "साहस", "आदत"),
    "ja": ("アイデア", "物語", "学び", "瞬間", "勇気", "習慣"),
}


class Author:
    """Writes for one request; see `gemini_schema.Writer`."""

    def __init__(
        self, system: str, prompt: str, begins: Mapping[int, int], *, number: int = 0
    ) -> None:
        self.language = language_of(system, prompt)
        self._prompt, self._begins, self._number = prompt, dict(begins), number
        self._titles: set[str] = set()
        self._words: dict[int, tuple[str, ...]] = {}

    def text(self, kind: Kind, reel: int, place: int) -> str:
        first, second = self._pair(reel, place)
        filled = {"a": first, "b": second}
        match kind:
            case Kind.TITLE:
                return self._title(reel, place)
            case Kind.HASHTAG:
                return "#" + re.sub(r"\W", "", first)
            case Kind.TOPIC:
                return first
            case Kind.REASON:
                return _REASONS[self.language].format(**filled)
            case Kind.LANGUAGE:
                return self.language
        number = f" ({reel + place})" if place else ""
        return _CAPTIONS[self.language].format(**filled) + number

    def score(self, reel: int, low: float, high: float) -> float:
        """Spread over the middle of the range, the same for the same reel."""
        return round(low + (high - low) * (35 + reel * 37 % 61) / 100, 1)

    def _title(self, reel: int, place: int) -> str:
        """Distinct within the answer."""
        forms = _TITLES[self.language]
        first, second = self._pair(reel, place)
        form = forms[(self._number + reel + place) % len(forms)]
        title = form.format(a=first.capitalize(), b=second)
        if title in self._titles:
            title = f"{title} · {reel}.{len(self._titles)}"
        self._titles.add(title)
        return title

    def _pair(self, reel: int, place: int) -> tuple[str, str]:
        if reel not in self._words:
            known = keywords(stretch(self._prompt, self._begins, reel))
            self._words[reel] = tuple(dict.fromkeys((*known, *_SPARE[self.language])))
        words = self._words[reel]
        return words[place % len(words)], words[(place + 1) % len(words)]
