"""What the page itself says: a few fixed words around the dialogue, in the event's languages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

from bot.channels.webchat.lines import CONTROLS
from bot.channels.webchat.said import TEXT_LIMIT
from bot.channels.webchat.words import CLIP, HANDING
from bot.i18n import LAST, N_, Translator
from bot.pages import Pages, permissions, policy, tel

STATIC = "/static/chat"
Speak = Callable[[str], Translator]

WORDS = {
    "we": N_("Đồng Hành Assistant"),
    "she": N_("You"),
    "log": N_("Conversation"),
    "write": N_("Write here"),
    "send": N_("Send"),
    "sending": N_("Sending…"),
    "unsent": N_("Not sent yet. It will be sent again."),
    "lost": N_("This was not sent."),
    "busy": N_("Many people are writing now. Your message will be sent in a moment."),
    "blocked": N_(
        "This browser does not let the page remember you. Please open it in another one."
    ),
    "connecting": N_("Connecting again…"),
    "fresh": N_("New message"),
    "marked": N_("The assistant put a sign here:"),
    "map": N_("Open the map"),
    "skip": N_("Go to the text box"),
    "larger": N_("Larger letters"),
    "telegram": N_("Continue in Telegram"),
    "zalo": N_("Continue in Zalo"),
    "zalo_how": N_("There, press “Quan tâm” first, then send the code printed on your card."),
}

SENTENCES = {**WORDS, **HANDING, **CLIP}
# What stands on a phone until it is sent, and is heard and seen before, is a `blob:` of the page.
_OWN = "'self' blob:"


@dataclass(frozen=True, slots=True)
class Front:
    """What a page shows of its event before anybody said anything: nothing personal.

    `names` by language, Vietnamese always. `hotline` is the help desk's phone as printed, or "".
    `telegram` is the name of our bot there, or "": a card's link offers it too. `zalo` is the
    number of our Official Account, or "".
    """

    names: Mapping[str, str]
    hotline: str = ""
    languages: tuple[str, ...] = (LAST,)
    telegram: str = ""
    zalo: str = ""

    @property
    def in_zalo(self) -> str:
        """Where our Official Account is; empty without one. Zalo has no link that brings a card."""
        return f"https://zalo.me/{self.zalo}" if re.fullmatch(r"\d{1,20}", self.zalo) else ""

    def in_telegram(self, card: str) -> str:
        """Where our bot is in Telegram, with the card in hand (deep link, 1 to 64 characters of
        A-Z a-z 0-9 _ -); empty without a bot there."""
        if not self.telegram:
            return ""
        with_card = f"?start={card}" if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", card) else ""
        return f"https://t.me/{self.telegram}{with_card}"


def words(t: Translator, front: Front) -> dict[str, str]:
    """Everything the page's script may have to say in one language."""
    # The page itself counts the seconds.
    said = {key: t(message, seconds="{seconds}") for key, message in SENTENCES.items()}
    said |= {value: t(label) for value, label in CONTROLS.items()}
    return {**said, "title": front.names.get(t.language.code, front.names[LAST])}


def all_words(speak: Speak, front: Front) -> dict[str, dict[str, str]]:
    """The words by language, without the languages that would only repeat Vietnamese."""
    vietnamese = words(speak(LAST), front)
    others = {code: words(speak(code), front) for code in front.languages if code != LAST}
    return {LAST: vietnamese, **{c: said for c, said in others.items() if said != vietnamese}}


class ChatPage:
    """Renders the page of one account."""

    def __init__(self, speak: Speak) -> None:
        self._speak = speak
        self.files = Pages(Path(__file__).parent, STATIC)

    def show(self, front: Front, *, base: str, card: str, framed: bool) -> Response:
        """The page; `base` is where its script posts and reads."""
        said = all_words(self._speak, front)
        around = "'self'" if framed else "'none'"
        page = self.files.show(
            "chat.html",
            csp=policy(img_src=f"{_OWN} data:", media_src=_OWN, frame_ancestors=around),
            _=self._speak(LAST),
            base=base,
            card=card,
            front=front,
            hotline_link=tel(front.hotline),
            words=said,
            w=said[LAST],
            most=TEXT_LIMIT,
            framed=framed,
            telegram="" if framed else front.in_telegram(card),
            zalo="" if framed else front.in_zalo,
            light=f"{base}/light?card={quote(card, safe='')}",
        )
        page.headers["Permissions-Policy"] = permissions(microphone="(self)", geolocation="(self)")
        return page
