"""What is said to a machine that is no question: courtesy, anger, despair; how each is heard.

Heard here, whatever the organisers wrote: one in despair must never be asked to choose a number.
"""

import re
from dataclasses import replace

from bot import asked
from bot.content import Place
from bot.text import fold, nfc, phone_groups
from bot.turn import Turn
from bot.values.reply import Choice, Phone, Style
from bot.values.request import RequestKind

MOST_WORDS = 8  # a longer greeting holds a question

# Folded words that stand around any courtesy and change nothing.
_AROUND = """
    a ah oi nhe nha nhi nghe hen ne ni day do voi cho duoc roi nhieu lam that qua rat con la the ca
    em anh chi bac co chu ong ba chau toi minh tui tro ly dong hanh ban dai bieu moi nguoi to chuc
    z v hi hihi haha va hom nay buoi sang trua chieu toi dem kinh quy xin so very much everyone all
    there you the da giup tot biet
"""
_GREETING = "chao hello helo hey alo good morning afternoon evening"
_TO_A_MACHINE = "may bot gi ma nay do thang con cai tra loi noi this you are so machine robot"
_THANKS = "cam on cmon camon tks thks thanks thank"
_FAREWELL = "tam biet bye goodbye hen gap lai see later ngu ngon good night"

# One of these must be among them; "cháo" is rice soup.
_GREETS = re.compile(r"\b(chao|hello|helo|hi|hey|alo|good (morning|afternoon|evening))\b")
_THANKED = re.compile(r"\b(cam on|camon|cmon|tks|thks|thanks|thank you)\b")
_PARTS = re.compile(r"\b(tam biet|bye|goodbye|hen gap lai|see you|ngu ngon|good night)\b")

# "Ngu" is a fool and "ngủ" is to sleep: these are looked for as they were typed.
_ANGER = re.compile(
    r"\b(đồ (ngu|điên|khùng|dở hơi|vô dụng)|ngu (quá|thế|vậy|như|vl|vcl|ngốc)|óc chó|vô dụng"
    r"|(máy|bot|mày|trợ lý)( này)? ngu|đm|đkm|đcm|dm|dkm|vcl|vkl|clgt|đéo|địt"
    r"|dở (ẹc|tệ)|bực (mình|quá)|fuck|shit"
    r"|(you are|you.?re|this is|so) (stupid|useless)|(stupid|useless) (bot|machine|thing|robot))\b"
    r"|^(stupid|useless|idiot)\W*$"
)

# What reads the same as "tự tử" and "tự vẫn" once the accents are gone.
_SLOWLY = re.compile(r"\b(từ từ|tư vấn|từ vấn)\b")
# "Nóng muốn chết" only complains of the heat; "want to die" counts after the speaker or alone.
_DESPAIR = re.compile(
    r"(^|\b(toi|tui|em|con|chau|minh|tao|bac|chi|anh|co|nua|cu|deu|van) )"
    r"(chi |rat |that su |cung |dang )?(muon|uoc|dinh|thich) (duoc )?(chet(?! may)|tu tu)\b"
    r"|\bbuon( qua| lam)? (muon|den) chet\b"
    r"|\b(khong|ko|k|hong|hok|chang|het|dau) (con )?(muon|thiet) song\b"
    r"(?! (o|chung|cung|tai|gan)\b)"
    r"|\b(ket lieu (doi|cuoc doi|ban than)|chet (di )?cho (roi|xong|khoe)|chan song|tu sat)\b"
    r"|\bsong (de )?lam gi nua\b|\bsong khong bang chet\b|\bkhong ai can toi nua\b"
    r"|\b(want to|wanna|wish to) die\b|\bkill myself\b|\bsuicid(e|al)\b|\bend (my life|it all)\b"
    r"|\b(do not|don t|dont) want to (live|be alive)( any| no|$)|\bbetter off dead\b"
)
_DESPAIR_TYPED = re.compile(r"\b(tự tử|tự vẫn|tự sát)\b")

# "Not that one", about what was said before; "đúng không" asks.
_DENIED = re.compile(
    r"^((da|a|u|o|thoi|um|well|sorry|oh) )*(khong|ko|k|kg|kh|hong|hok|hem|chua|chang|sai|no|nope"
    r"|nah|not|none|neither|wrong)\b|\b(y|y toi|y minh|cai|cau|chuyen) khac\b"
    r"|\b(something else|another one|(s|is) (wrong|not)|isn t)\b"
)
_DENIAL = """
    khong ko k kg kh hong hok hem chua chang phai dung trung sai khac cai cau y dieu chuyen muc nao
    do nay ay kia tren hoi can muon noi dau het trong het ma thi da u o thoi um cua may
    no nope nah not none neither wrong of these those them that s this is isn t it what i asked
    meant want wanted looking for something else another one right any well sorry oh you re
"""


def denies(text: str) -> bool:
    """Nothing but "that is not the one"."""
    return _is_only(text, _DENIED, _DENIAL)


def despairs(text: str) -> bool:
    """Does she say that she does not want to live?"""
    said = nfc(text).lower()
    return bool(_DESPAIR_TYPED.search(said) or _DESPAIR.search(_plain(_SLOWLY.sub(" ", said))))


def greets(text: str) -> bool:
    """Nothing but a greeting."""
    return "cháo" not in nfc(text).lower() and _is_only(text, _GREETS, _GREETING)


def thanks(text: str) -> bool:
    """Nothing but thanks, with a greeting or a farewell perhaps."""
    return _is_only(text, _THANKED, _THANKS, _GREETING, _FAREWELL)


def parts(text: str) -> bool:
    """Nothing but a farewell."""
    return _is_only(text, _PARTS, _FAREWELL, _GREETING)


def scolds(text: str) -> bool:
    """A short outburst: whatever else a longer message says is more useful to answer."""
    said = nfc(text).lower()
    return len(said.split()) <= MOST_WORDS and _ANGER.search(said) is not None


def farewell(turn: Turn) -> None:
    """The door stays open."""
    turn.say(turn.t("Goodbye. Please write again whenever you need."), *_ways(turn))


def anger(turn: Turn) -> None:
    """No defence and no lesson: what she asked besides, else an apology and who can do better."""
    asks = _ANGER.sub(" ", nfc(turn.incoming.text).lower())
    words = set(_plain(asks).split()).difference(_TO_A_MACHINE.split(), _AROUND.split())
    if words and turn.desk.ask(asks, turn.t.language.code).kind == "answer":
        turn.incoming = replace(turn.incoming, text=asks)
        turn.go("ask.question")
        return
    last = asked.last(turn.notes)
    send: tuple[Choice, ...] = ()
    if last and not last.number and not turn.must_call:
        send = (Choice(turn.t("Send my question"), f"ask.send:{last.mark}"),)
    turn.say(
        turn.t("Sorry that this was no help. A person can help you better."),
        Choice(turn.t("Talk to a person"), "helper.start"),
        *send,
        *_ways(turn),
    )


def despair(turn: Turn) -> None:
    """Doctors and people at once, said plainly; the organisers have the message already.

    Words that are only like despair, or a button, get the numbers; nothing is filed for her.
    """
    lines = [turn.t("You do not have to carry this alone.")]
    clinic = next(iter(_clinics(turn)), None) if turn.has_content else None
    if turn.has_content and despairs(turn.incoming.text):
        topic = "health" if "health" in turn.library.event.topics else ""
        turn.hand_over(topic, kind=RequestKind.URGENT, of="medics")
        if not turn.person.simple:
            lines.append(turn.t("This is a machine, so your words were passed to the organisers."))
    lines += [turn.t("Please call now, or let somebody near you call:"), *_numbers(turn, clinic)]
    way = (Choice(turn.t("See the way"), f"place.show:{clinic.slug}"),) if clinic else ()
    turn.say(
        "\n".join(lines),
        Choice(turn.t("Talk to a person"), "helper.start"),
        *way,
        *_ways(turn),
        style=Style.WARNING,
        phones=(Phone(turn.t("Ambulance: {number}", number="").rstrip(": "), "115"),),
    )


def _numbers(turn: Turn, clinic: Place | None) -> list[str]:
    lines = [f"● {turn.sign(clinic)}: {phone_groups(clinic.phone)}"] if clinic else []
    lines.append("● " + turn.t("Ambulance: {number}", number="**115**"))
    hotline = turn.library.event.hotline if turn.has_content else ""
    if hotline and not (clinic and turn.person.simple):  # short: two numbers are enough
        lines.append("● " + turn.t("Help phone of the organisers: {number}", number=hotline))
    return lines


def _clinics(turn: Turn) -> list[Place]:
    known = turn.library.places.values()
    clinics = [place for place in known if place.kind == "clinic" and place.phone]
    return [place for place in clinics if turn.library.admits(place, turn.who)]


def _ways(turn: Turn) -> tuple[Choice, ...]:
    return (Choice(turn.t("To the menu"), "menu.show"),)


def _is_only(text: str, needed: re.Pattern[str], *allowed: str) -> bool:
    said = _plain(text)
    words = said.split()
    known = " ".join([_AROUND, *allowed]).split()
    fits = 0 < len(words) <= MOST_WORDS and set(known).issuperset(words)
    return fits and needed.search(said) is not None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
