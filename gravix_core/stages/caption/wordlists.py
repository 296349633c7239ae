"""Words that carry no subject, and words that open well, as data.  Pure.

Everything is in lower case.  Stop words are carried by `stopwordsiso`; what it lacks is here.
Lists that name no language are for all of them at once, so they leave out what means something
else elsewhere, such as "was" and "die" in German.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGES = ("en", "es", "pt", "de", "fr", "hi", "ja", "it", "ru")
"""Those whose words are told apart from each other's, as ISO 639-1 has them."""

SPOKEN = {
    "en": _words(
        "answer answers bad basically bit bring called coming couple day days degrees dollars feel "
        "fine forget gonna gotta guess guy guys happen happened hard hear heard hey hold honestly "
        "hour hours idea kinda left listen literally looked lot lots main matter moment nice "
        "people percent person pretty question read ready real reason simple simply sort stand "
        "start started starts stay stuff takes talk talked talking thinking time times told "
        "tomorrow tonight true understand video videos wait wanna watch watching way week weeks "
        "word wow wrong yeah year years yesterday trick mistake trouble minute minutes"
    ),
    "de": _words(
        "bisschen eigentlich einfach genau guten halt irgendwie leute willkommen hundert tausend "
        "halb halbe halben viertel prozent sekunde sekunden minute minuten stunde stunden woche "
        "wochen monat monate zentimeter millimeter kilometer kilometern meter metern dinge"
    ),
    "es": _words(
        "acá alguien cosa gente gracias hola puedes quiero veinte treinta cuarenta cincuenta "
        "sesenta cien mil minuto minutos segundo segundos hora mes meses semana semanas grados "
        "metros error mundo problema diez"
    ),
    "fr": _words(
        "aller bonjour c'est chose choses d'accord déjà faire faut j'ai jamais l'on oui petit "
        "pouvez pouvoir presque veut veux voir vraiment trente soixante quarante mille minute "
        "minutes seconde secondes heure heures jour jours semaine semaines mois an ans degrés"
    ),
    "pt": _words(
        "ai algum alguma alguém coisas disso gente muita nenhum olá pra vamos vou trinta quarenta "
        "cinquenta sessenta setenta oitenta noventa cem mil minuto minutos segundos mês semana "
        "semanas dia dias graus metros erro erros"
    ),
    "it": _words(
        "altra c'è ciao cose davvero l'ho po' possiamo posso puoi sa sì un'altra minuti secondi "
        "giorno giorni settimana mese anni anno ore ora"
    ),
    "ru": _words(
        "давайте здравствуйте какие людей одна своё минут минуты секунд день дней неделю месяц лет"
    ),
    "hi": _words(
        "अगर अब आज आपका आपकी आपके आपको इसको इसलिए उसका उसकी उसको ऐसा कभी करके करो काफी कैसे क्या "
        "क्यों क्योंकि गई गए चाहिए जब जाए जाता जाती जाते जाना जी तुम देना दोस्तों नमस्ते बस बात मत "
        "मुझे मेरा मेरी मेरे मैं मैंने रही लोग वाला वाली वो सकती सब हम हमने हमारे हमें हूँ हूं होगा "
        "कीजिए दीजिए रखिए पीजिए लीजिए जाइए खाइए लगाइए जानते सोते मिलता रहता रहेगा घंटा घंटे मिनट "
        "सेकंड दिन हफ्ते साल नाम बीच अच्छा अच्छी अच्छे रोज"
    ),
    "ja": _words(
        "みなさん 皆さん 今日 今回 自分 最初 最後 一番 大切 必要 大事 人 時 前 後 中 上 下 話 方 他"
    ),
}
"""Beside those of `stopwordsiso`: what is said much and written little, numbers and units."""

SUBJECTS = {
    "en": _words("computer fire home important interest invention members mill rooms system world"),
    "es": _words("trabajo país tiempo"),
    "pt": _words("sistema viagem caminho povo área"),
    "de": _words("gott mensch menschen ordnung zeit"),
    "fr": _words("force parole"),
}
"""Among the stop words of `stopwordsiso`, and yet what a talk may be about."""

BEFORE_NOUNS = {
    "en": _words(
        "a an the my your our their its this that these those of with into from every each some no"
    ),
    "es": _words(
        "el la los las un una unos unas del al de con sin cada mi tu su muchas muchos pocos"
    ),
    "pt": _words("o a os as um uma do da dos das no na nos nas ao à pela pelo de com sem cada"),
    "de": _words(
        "der die das den dem des ein eine einen einem einer eines kein keine im am beim vom zum zur"
    ),
    "fr": _words("le la les un une des du de au aux chaque son sa ses cette ce ces mon ton votre"),
    "it": _words("il lo la i gli le un una uno del della dei degli delle nel nella di con senza"),
}
"""After them stands what may be a subject."""
AFTER_NOUNS = {"hi": _words("का की के को में से पर ने")}
"""Before them stands what may be a subject."""

FILLERS = _words("uh uhh um umm uhm erm hmm mhm äh ähm euh eh えーと えっと")
FILLERS_ELSEWHERE = {"de": _words("um"), "pt": _words("um"), "it": _words("eh")}
"""What is a word there."""

OPENERS = _words(
    "so and but well okay ok now right alright yeah yes um like also then or anyway und aber ja "
    "nun naja entonces y pero bueno pues alors et mais donc ben então e mas allora ma quindi "
    "dunque ну и а но итак вот और लेकिन तो दोस्तों bon eh でも だから"
)
"""A title does not begin with them."""

WEAK_ENDS = _words(
    "a an the and or but so if of to for in on at by with from as that this which who is are was "
    "were be i you we they he she it my your our their its because when while than very not just "
    "can will und oder aber der das ein eine mit von y o de la el los las un una que et ou le les "
    "du des une avec e os da um com il lo di и а в на с к по что को का की के में से और"
)
"""A cut text does not end with them."""

BACK_REFERENCES = _words(
    "it this that these those he she they him them such which there er sie es das dies esto eso él "
    "ella il elle ça cela isso ele ela questo lui это он она они यह वह"
)
"""A sentence that begins with them needs the one before."""

YOU = _words(
    "you your du dein tu tus te você seu vous votre आप आपका あなた あなたの あなたが あなたは ты"
)
"""A sentence with one of them speaks to who listens."""

GREETINGS = _words(
    "hello hi hey welcome today let lets thanks thank guys hallo willkommen heute danke hola "
    "bienvenidos hoy gracias bonjour salut bienvenue aujourd merci olá oi hoje obrigado ciao salve "
    "benvenuti oggi grazie привет здравствуйте сегодня спасибо नमस्ते आज"
)
"""A sentence that begins with them says little of its subject."""

BACK_REFERENCES_JA = (
    "それ",
    "これ",
    "その",
    "この",
    "だから",
    "でも",
    "しかし",
    "ただし",
    "そして",
    "また",
)
"""The same at the beginning of a phrase, since no blanks divide it."""

CLAUSE_STARTERS = _words(
    "and but so because if when while then or which where weil denn und aber wenn porque pero "
    "cuando si parce mais quand se mas quando perché ma потому но если когда क्योंकि लेकिन अगर जब"
)
"""Where speech without punctuation may be cut."""

QUESTION_WORDS = _words(
    "why how what who where when which whose warum wie wer wo wann wieso weshalb qué cómo quién "
    "dónde cuándo pourquoi comment qui où quand quoi quel quelle como quem onde quando qual perché "
    "chi dove cosa quale почему как что кто где когда зачем क्यों कैसे क्या कौन कहाँ कब"
)
AUXILIARIES = _words(
    "do does did is are was were can could would should will have has had if don't doesn't didn't "
    "isn't aren't can't won't"
)
"""After a question word in English, they make a question of a line without punctuation."""

HOOKS = (
    "how to", "what if", "did you know", "have you ever", "imagine", "the secret", "the truth",
    "mistake", "nobody", "no one", "never", "most people", "everyone", "the biggest", "the best",
    "the worst", "here's why", "this is why", "that's why", "the reason", "you won't believe",
    "the one thing", "the problem", "surprise", "surprising", "stop doing", "you need to",
    "stell dir vor", "wusstest du", "niemand", "fehler", "geheimnis", "die meisten",
    "imagina", "sabías que", "nadie", "el secreto", "el error", "la verdad es",
    "imaginez", "saviez-vous", "personne ne", "le secret", "erreur", "la vérité",
    "você sabia", "ninguém", "o segredo", "o erro", "immagina", "lo sapevi", "nessuno",
    "il segreto", "errore", "представь", "никто", "секрет", "ошибка", "सोचो", "राज़", "गलती",
    "क्या आप जानते", "सबसे बड़ा", "दुश्मन", "知っていますか", "誰も", "秘密", "実は", "失敗", "間違い",
    "more than", "trick", "wer hätte", "el error más", "ninguém te conta", "arrêtez",
)  # fmt: skip
"""Phrases that make one listen; found anywhere in a sentence."""
