"""A language in; the few words that a caption needs of its own out, as data.  Pure."""

from __future__ import annotations

from dataclasses import dataclass

from gravix_core.stages.caption.wording import clip

TITLE, CREDIT = 80, 60
"""Characters of the video's title and of its maker where they are named in a caption."""
_INNER_QUOTES = str.maketrans({"“": "‘", "”": "’", '"': "’", "„": "‚", "«": "‹", "»": "›"})


@dataclass(frozen=True, slots=True)
class Phrases:
    """Templates; `source` is what `named` or `by` gives."""

    part: str
    part_of: str
    whole: str
    short: str
    """A part in a title."""
    named: str
    by: str
    named_by: str
    untitled: str

    def origin(self, title: str, credit: str, *, index: int, count: int) -> str:
        """Name the source and the part.

        Args:
            title: Of the video; may be empty.
            credit: Who made it; may be empty.
            index: 0-based place among the video's reels.
            count: Reels of the video.

        Returns:
            A line for the end of a caption, empty for the only reel of an own video.
        """
        title = clip(title.translate(_INNER_QUOTES), TITLE)
        credit = clip(credit, CREDIT)
        template = self.named_by if title and credit else self.by if credit else self.named
        source = template.format(title=title, credit=credit) if title or credit else ""
        if count > 1:
            part = self.part_of if source else self.part
            return part.format(number=index + 1, count=count, source=source)
        return self.whole.format(source=source) if credit else ""


PHRASES = {
    "en": Phrases(
        part="Part {number} of {count}.",
        part_of="Part {number} of {count} of {source}.",
        whole="From {source}.",
        short="part {number} of {count}",
        named="“{title}”",
        by="a video by {credit}",
        named_by="“{title}” by {credit}",
        untitled="New reel",
    ),
    "es": Phrases(
        part="Parte {number} de {count}.",
        part_of="Parte {number} de {count} de {source}.",
        whole="De {source}.",
        short="parte {number} de {count}",
        named="«{title}»",
        by="un vídeo de {credit}",
        named_by="«{title}», de {credit}",
        untitled="Nuevo reel",
    ),
    "pt": Phrases(
        part="Parte {number} de {count}.",
        part_of="Parte {number} de {count} de {source}.",
        whole="De {source}.",
        short="parte {number} de {count}",
        named="“{title}”",
        by="um vídeo de {credit}",
        named_by="“{title}”, de {credit}",
        untitled="Novo reel",
    ),
    "de": Phrases(
        part="Teil {number} von {count}.",
        part_of="Teil {number} von {count} aus {source}.",
        whole="Aus {source}.",
        short="Teil {number} von {count}",
        named="„{title}“",
        by="einem Video von {credit}",
        named_by="„{title}“ von {credit}",
        untitled="Neues Reel",
    ),
    "fr": Phrases(
        part="Partie {number} sur {count}.",
        part_of="Partie {number} sur {count} : {source}.",
        whole="Extrait : {source}.",
        short="partie {number} sur {count}",
        named="« {title} »",
        by="une vidéo de {credit}",
        named_by="« {title} », de {credit}",
        untitled="Nouveau reel",
    ),
    "hi": Phrases(
        part="{count} में से भाग {number}।",
        part_of="{source}, {count} में से भाग {number}।",
        whole="{source} से।",
        short="भाग {number}/{count}",
        named="“{title}”",
        by="{credit} का वीडियो",
        named_by="“{title}” ({credit})",
        untitled="नई रील",
    ),
    "ja": Phrases(
        part="全{count}回の第{number}回。",
        part_of="{source}、全{count}回の第{number}回。",
        whole="{source}より。",
        short="{number}/{count}",
        named="「{title}」",
        by="{credit}の動画",
        named_by="「{title}」({credit})",
        untitled="新しいリール",
    ),
    "it": Phrases(
        part="Parte {number} di {count}.",
        part_of="Parte {number} di {count} di {source}.",
        whole="Da {source}.",
        short="parte {number} di {count}",
        named="“{title}”",
        by="un video di {credit}",
        named_by="“{title}” di {credit}",
        untitled="Nuovo reel",
    ),
    "ru": Phrases(
        part="Часть {number} из {count}.",
        part_of="Часть {number} из {count}: {source}.",
        whole="Отрывок: {source}.",
        short="часть {number} из {count}",
        named="«{title}»",
        by="видео {credit}",
        named_by="«{title}», {credit}",
        untitled="Новое видео",
    ),
}


def phrases_of(language: str) -> Phrases:
    """In English where the language is not known."""
    return PHRASES.get(language, PHRASES["en"])
