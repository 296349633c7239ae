"""Words that carry no subject, and words that open well, as data.  Pure.

Everything is in lower case.  The lists are short on purpose: the commonest words of a language
make up half of what is said in it.  The lists below the first are for all languages at once, so
they leave out what means something else elsewhere, such as "was" and "die" in German.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = {
    "en": _words(
        "a about above actually after again against ago ain all almost along already also although "
        "always am an and another answer answers any anybody anyone anything anyway are aren "
        "around as ask asked at away back bad basically be became because become been before began "
        "begin behind being believe below best better between big bit both bring but by call "
        "called came can cannot cause come comes coming could couldn couple course day days did "
        "didn different do does doesn doing don done down each either else end enough "
        "especially even ever every everybody everyone everything exactly far feel felt few find "
        "fine first five for forget found four from full further gave get gets getting give given "
        "gives giving go goes going gone gonna good got gotta great guess guy guys had hadn half "
        "happen happened happens hard has hasn have haven having he hear heard hello help her here "
        "hers herself hey hi him himself his hold honestly how however hundred i idea if important "
        "in inside instead into is isn it its itself just keep kept kind kinda knew know known "
        "knows last later least left less let lets like liked likely listen literally little ll "
        "long look looked looking looks lot lots made main make makes making man many matter may "
        "maybe me mean means might million mine minute minutes more moment most mostly much must "
        "my myself need needed needs neither never new next nice no nobody none nor not nothing "
        "now number of off oh ok okay old on once one ones only open or other others our ours "
        "ourselves out over own part people percent perhaps person place please point possible "
        "pretty probably put question quite rather re read ready real really reason right said "
        "same saw say saying says second see seeing seem seems seen several shall she should "
        "shouldn show side simple simply since six small so some somebody somehow someone "
        "something sometimes somewhere sort stand start started starts stay still stop stuff such "
        "sure take taken takes taking talk talked talking tell ten than thank thanks that the "
        "their theirs them themselves then there these they thing things think thinking this those "
        "though thought thousand three through time times to today together told tomorrow tonight "
        "too took top toward tried true try trying turn turned turns two under "
        "understand until up upon us use used uses using usually ve very via video videos wait "
        "wanna want wanted wants was wasn watch watching way ways we week weeks welcome well went "
        "were weren what whatever when where whether which while who whole whom whose why will "
        "with within without won word work works would wouldn wow wrong yeah year years yes "
        "yesterday yet you your yours yourself eight nine twenty thirty forty fifty sixty seventy "
        "eighty ninety seven"
    ),
    "de": _words(
        "aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin "
        "bis bist bisschen da dabei dafür damit dann daran darauf das dass davon dazu dein deine "
        "dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du "
        "durch eben eigentlich ein eine einem einen einer eines einfach einmal er es etwas euch "
        "euer für ganz geht gehen genau gerade gibt ging gut guten hab habe haben halt hat hatte "
        "hatten heute hier hin ich ihm ihn ihnen ihr ihre im immer in ins irgendwie ist ja jede "
        "jeden jeder jetzt kann kannst kein keine könnte können kommt leute machen macht mal man "
        "mehr mein meine mich mir mit muss müssen nach natürlich nein nicht nichts noch nun nur "
        "oder ob ohne schon sehr sein seine sich sie sind so soll sollte sondern sonst über um und "
        "uns unser unter viel viele vielleicht vom von vor wann war waren warum was weg weil "
        "weiter welche wenn wer werden wie wieder will willkommen wir wird wirklich wo würde "
        "würden zu zum zur zwei zwischen"
    ),
    "es": _words(
        "a acá ahí ahora al algo alguien algunos allí antes aquí así aún aunque bien bueno cada "
        "casi como cómo con cosa cosas cual cuál cuando cuándo cuanto de del desde después donde "
        "dónde dos el él ella ellas ellos en entonces entre era eran eres es esa esas ese eso esos "
        "está están estaba estamos estar estás este esta estas esto estos estoy fue fueron gente "
        "gracias gran ha había hace hacer hacia han has hasta hay he hemos hola hoy la las le les "
        "lo los luego más me mejor mi mientras mis misma mismo mucha muchas mucho muchos muy nada "
        "ni ningún no nos nosotros nuestra nuestro nunca o os otra otras otro otros para pero poco "
        "poder por porque pues puede pueden puedes que qué quien quién quiero saber se sea según "
        "ser si sí sido siempre sin sobre solo sólo somos son soy su sus también tan tanto te ti "
        "tiene tienen tienes toda todas todavía todo todos tu tú tus un una unas uno unos usted va "
        "vamos ver verdad vez voy y ya yo"
    ),
    "fr": _words(
        "à afin ai aller alors après as au aucun aujourd'hui aussi autre autres aux avait avant "
        "avec avez avoir avons beaucoup bien bon bonjour car ce ceci cela celle celui ces c'est "
        "cet cette ceux chaque chez chose choses comme comment contre d'accord dans de déjà depuis "
        "des deux devant dire dit donc dont du elle elles en encore entre es est et étaient était "
        "être eu eux faire fait faut fois font gens ici il ils j'ai je jamais jusque juste l'on la "
        "là le les leur leurs lui ma mais me même merci mes moi moins mon ne ni non nos notre nous "
        "on ont ou où oui par parce pas pendant petit peu peut peuvent peux plus plutôt pour "
        "pourquoi pouvez pouvoir presque puis quand que quel quelle quelque qui quoi rien sa sans "
        "se sera ses si son sont sous souvent suis sur ta te tes toi ton toujours tous tout toute "
        "toutes très trop tu un une va vais vers veut veux voilà voir vos votre vous vraiment y"
    ),
    "pt": _words(
        "a à agora ai ainda algo alguém alguma algum ali antes ao aos aquela aquele aqui aquilo as "
        "às assim até bem boa bom cada coisa coisas com como da das de dela dele deles depois "
        "desde dessa desse deste disso do dois dos e é ela elas ele eles em então entre era eram "
        "essa esse esta está estão estar estava este estes estou eu faz fazer foi foram gente "
        "grande há hoje isso isto já lá lhe mais mas me mesmo meu minha muita muito muitos na nada "
        "não nas nem nenhum nessa nesse no nos nós nossa nosso num numa nunca o obrigado olá onde "
        "os ou outra outras outro outros para pela pelo pelos pode podem pois por porque pra qual "
        "quando quanto que quem quer são se seja sem sempre ser será seu seus só sobre somos sou "
        "sua suas também tão te tem têm temos tenho ter teu tinha toda todas todo todos tu tudo um "
        "uma umas uns vai vamos você vocês vez vou"
    ),
    "it": _words(
        "a abbiamo ad adesso ai al alcuni alla alle allo allora altra altre altri altro anche "
        "ancora avere aveva bene c'è che chi ci ciao ciò come con cosa cose così cui da dai dal "
        "dalla dalle davvero degli dei del della delle dello dentro di dire dopo dove due e è ecco "
        "era erano essere fa fare fatto fino fra gente già gli grande grazie ha hai hanno ho i il "
        "in io l'ho la le lei li lo loro lui ma mai me meglio mentre mi mia mio molta molti molto "
        "ne negli nei nel nella nelle nessuno niente no noi non nostra nostro o oggi ogni oppure "
        "ora per perché però più po' poco poi possiamo posso prima proprio può puoi qua quale "
        "qualche quando quanto quasi quella quelle quelli quello questa queste questi questo qui "
        "quindi sa se sei sembra sempre senza si sì siamo sia sono sopra sta stato stesso sto su "
        "sua sue sul sulla suo suoi tanto te ti tra troppo tu tutta tutte tutti tutto un un'altra "
        "una uno va vi voi volta"
    ),
    "ru": _words(
        "а без более больше будем будет буду будут бы был была были было быть в вам вас ваш ведь "
        "весь во вообще вот все всё всегда всех вы где да давайте даже для до его ее её если есть "
        "еще ещё ж же за здесь здравствуйте и из или им их к как какая какие какой когда конечно "
        "которая которые который кто ли лишь лучше людей люди между меня мне много может можно мой "
        "мы на над надо нам нас наш не него нее неё нет ни ним них но ну нужно о об один однако "
        "одна он она они оно от очень перед по под после потом потому почему почти при про просто "
        "раз с сам самый свое своё свой себе себя сегодня сейчас со спасибо так также такие такой "
        "там тебе тебя тем теперь то тогда того тоже только том тот тут ты у уже хорошо хоть хотя "
        "чего чем через что чтобы эта эти это этого этой этом этот я"
    ),
    "hi": _words(
        "अगर अपना अपनी अपने अब अभी आज आप आपका आपकी आपके आपको इन इस इसका इसकी इसके इसको इसमें इसलिए "
        "इसी इसे उन उनका उनकी उनके उस उसका उसकी उसके उसको उसे एक ऐसा ऐसे और कई कभी कर करके करता "
        "करते करना करने करें करो का काफी कि कितना किया किसी की कुछ के कैसे को कोई कौन क्या क्यों "
        "क्योंकि गई गए गया चाहिए जब जहाँ जा जाए जाता जाती जाते जाना जी जैसे जो तक तब तरह तुम तो था "
        "थी थे दिया देना दो दोस्तों नमस्ते नहीं ना ने पर पहले फिर बस बहुत बात बाद भी मत मगर मुझे "
        "में मेरा मेरी मेरे मैं मैंने यह यहाँ या ये रहा रही रहे लिए लेकिन लोग वह वहाँ वाला वाली "
        "वाले वे वो सकता सकती सकते सब सभी साथ से हम हमने हमारे हमें ही हुआ हुई हुए हूँ हूं है हैं "
        "हो होगा होता होती होते होना"
    ),
}

FILLERS = _words("uh uhh um umm uhm erm hmm mhm äh ähm euh eh")
"""Left out, except where the language has such a word."""

OPENERS = _words(
    "so and but well okay ok now right alright yeah yes um like also then or anyway und aber ja "
    "nun naja entonces y pero bueno pues alors et mais donc ben então e mas allora ma quindi "
    "dunque ну и а но итак вот और लेकिन तो"
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

GREETINGS = _words(
    "hello hi hey welcome today let lets thanks thank guys hallo willkommen heute danke hola "
    "bienvenidos hoy gracias bonjour salut bienvenue aujourd merci olá oi hoje obrigado ciao salve "
    "benvenuti oggi grazie привет здравствуйте сегодня спасибо नमस्ते आज"
)
"""A sentence that begins with them says little of its subject."""

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
)  # fmt: skip
"""Phrases that make one listen; found anywhere in a sentence."""
