"""Everything the assistant can be asked, in order: open this file first.

A name stays when its function is renamed, for sessions and old buttons remember names.
"""

from bot.i18n import N_
from bot.router import Route
from bot.values.incoming import Kind
from handlers import (
    ask,
    call,
    comfort,
    consent,
    documents,
    emergency,
    family,
    helper,
    kept,
    linking,
    lost,
    me,
    menu,
    mine,
    notices,
    phones,
    places,
    programme,
    smalltalk,
    waiting,
    welcome,
)

ROUTES: tuple[Route, ...] = (
    # First contact: language, consent, card. Afterwards she is known.
    Route("welcome.start", welcome.start, kinds=(Kind.JOINED,), first=True),
    Route("welcome.which_event", welcome.which_event, first=True),
    Route(
        "welcome.language",
        welcome.language,
        place=True,
        # Translators: words people type to change the language, separated by commas.
        words=N_("language, change language, /language"),
        first=True,
        personal=True,
    ),
    Route("welcome.next", welcome.next_step),
    Route("welcome.consent", consent.ask, place=True, personal=True),
    Route("welcome.agree", consent.agree, personal=True),
    Route("welcome.refuse", consent.refuse, personal=True),
    Route("welcome.link", linking.link, place=True),
    Route("welcome.code", linking.code, tap=False),
    Route("welcome.digits", linking.digits, tap=False),
    Route("welcome.contact", linking.contact, tap=False),
    Route("welcome.call", call.ask, place=True),
    Route("welcome.linked", linking.linked),
    Route("welcome.not_me", linking.not_me, personal=True),
    # Translators: words people type to see the menu, separated by commas.
    Route("menu.show", menu.show, place=True, words=N_("menu, home, /menu")),
    Route("menu.more", menu.more, place=True),
    Route("menu.rest", menu.rest),
    # Translators: words people type to go back, separated by commas.
    Route("menu.back", menu.back, words=N_("back, go back")),
    # Translators: words people type to hear the last message again, separated by commas.
    Route("menu.again", menu.again, words=N_("again, read again, repeat")),
    Route(
        "helper.start",
        helper.start,
        # Translators: words people type to reach a person, separated by commas.
        words=N_("person, helper, help, talk to a person, /help"),
        first=True,
    ),
    Route("helper.media", helper.media, tap=False, kinds=(Kind.MEDIA,), first=True),
    Route("helper.nearest", helper.nearest, tap=False, kinds=(Kind.LOCATION,)),
    Route("helper.quiet", helper.quiet, tap=False, kinds=(Kind.LEFT, Kind.RECEIPT), first=True),
    # In danger, ill, afraid or lost. Words lead to words; only a tap calls somebody.
    Route(
        "emergency.show",
        emergency.show,
        place=True,
        # Translators: words people type for emergency numbers, separated by commas.
        words=N_("emergency, sos, /sos, 🆘"),
        first=True,
    ),
    Route(
        "emergency.ill",
        emergency.ill,
        place=True,
        # Translators: words people type when they are ill or hurt, separated by commas.
        words=N_("I am ill, I am sick, my stomach hurts, my chest hurts, I cannot breathe"),
        first=True,
    ),
    Route(
        "emergency.afraid",
        emergency.afraid,
        place=True,
        # Translators: words people type when they are afraid of somebody, separated by commas.
        words=N_("I am afraid, I am scared, somebody is following me"),
        first=True,
    ),
    Route("emergency.call", emergency.call, first=True),
    Route(
        "lost.show",
        lost.show,
        place=True,
        # Translators: words people type when they are lost, separated by commas.
        words=N_("I am lost, lost, where am I, I do not know where I am"),
        first=True,
    ),
    Route("lost.seen", lost.seen, place=True, first=True),
    Route("lost.none", lost.none, place=True, first=True),
    # Her own record.
    Route("mine.room", mine.room, place=True, personal=True),
    Route("mine.hotel", mine.hotel, place=True, personal=True),
    Route("mine.seat", mine.seat, place=True, personal=True),
    Route("mine.bus", mine.bus, place=True, personal=True),
    Route("mine.meals", mine.meals, place=True, personal=True),
    Route("mine.badge", mine.badge, place=True, personal=True),
    Route("mine.group", mine.group, place=True, personal=True),
    Route("mine.head", mine.head, place=True, personal=True),
    Route("mine.all", mine.everything, place=True, personal=True),
    Route("mine.wrong", mine.wrong, personal=True),
    Route("mine.type", mine.type_right, personal=True),
    Route("mine.right", mine.right, tap=False, personal=True),
    # The programme, and the places it names.
    Route("programme.now", programme.now, place=True, personal=True),
    Route("programme.next", programme.next_item, place=True, personal=True),
    Route("programme.today", programme.today, place=True, personal=True),
    Route("programme.tomorrow", programme.tomorrow, place=True, personal=True),
    Route("programme.day", programme.day, place=True, personal=True),
    Route("programme.days", programme.days, place=True, personal=True),
    Route("programme.at", programme.at, place=True, personal=True),
    Route("programme.item", programme.item, place=True, personal=True),
    Route("place.show", places.show, place=True),
    # Papers: which there are, what they say in short, their files.
    Route(
        "documents.list",
        documents.listing,
        place=True,
        personal=True,
        # Translators: words people type to see the documents, separated by commas.
        words=N_("documents, /documents"),
    ),
    Route("documents.show", documents.show, place=True, personal=True),
    Route("documents.get", documents.get, place=True, personal=True),
    # Notices: she has it, and the same words again.
    Route("notice.received", notices.received, first=True),
    Route(
        "notice.typed",
        notices.typed,
        tap=False,
        # Translators: words people type to say that they have got a notice, separated by commas.
        words=N_("received, I received it, got it"),
        while_true=notices.waits,
        first=True,
    ),
    Route("notice.read", notices.read, first=True),
    # What is kept about her, and her rights.
    # Translators: words people type to see what is kept about them, separated by commas.
    Route("me.show", me.show, place=True, personal=True, words=N_("/dulieu, my data")),
    Route("me.more", kept.more, place=True, personal=True),
    Route("me.kept", kept.part, place=True, personal=True),
    Route("me.copy", kept.copy, personal=True),
    # Translators: words people type to correct what is kept, separated by commas.
    Route("me.correct", me.correct, place=True, personal=True, words=N_("/sua, correct my data")),
    # Translators: words people type to have their data deleted, separated by commas.
    Route("me.erase", me.erase, place=True, personal=True, words=N_("/xoa, delete my data")),
    Route("me.erase_now", me.erase_now, personal=True),
    # Translators: words people type to stop ordinary notices, separated by commas.
    Route("me.stop", me.stop, personal=True, words=N_("/dung, stop notices")),
    # Translators: words people type to receive ordinary notices again, separated by commas.
    Route("me.resume", me.resume, personal=True, words=N_("receive notices")),
    # Several people at one phone, several phones of one person, and how she is spoken to.
    Route(
        "family.whom",
        family.whom,
        place=True,
        # Translators: words people type to ask for somebody else, separated by commas.
        words=N_("change person, another person, /doinguoi"),
        first=True,
    ),
    Route("family.pick", family.pick, first=True),
    Route("family.card", family.card),
    # Translators: words people type to add one more person at this phone, separated by commas.
    Route("family.add", family.add, words=N_("add a person, /themnguoi")),
    # Translators: words people type to link their second phone, separated by commas.
    Route("phone.add", phones.add, personal=True, words=N_("add a phone, /themdienthoai")),
    Route("phone.freeze", phones.freeze),
    # Translators: words people type to be answered in short, separated by commas.
    Route(
        "comfort.simple",
        comfort.simple,
        personal=True,
        words=N_("short and slow, speak short, /ngan"),
    ),
    # Translators: words people type to be answered in full, separated by commas.
    Route("comfort.full", comfort.full, personal=True, words=N_("speak in full, /daydu")),
    # For those with a role: what was asked in vain.
    Route(
        "waiting.show",
        waiting.show,
        personal=True,
        # Translators: words organisers type to see questions without an answer, by commas.
        words=N_("/cauhoi, waiting questions"),
    ),
    # What is no question. Despair is heard before anything else that waits for her words.
    Route("smalltalk.despair", smalltalk.despair, hears=smalltalk.despairs, first=True),
    Route("smalltalk.farewell", smalltalk.farewell, hears=smalltalk.parts, tap=False),
    Route("smalltalk.anger", smalltalk.anger, hears=smalltalk.scolds, tap=False),
    # Whatever else was typed is a question.
    Route("ask.answer", ask.answer, place=True),
    Route("ask.whole", ask.whole, place=True),
    # Translators: words people type to greet, separated by commas.
    Route(
        "ask.hello",
        ask.hello,
        tap=False,
        words=N_("hello, good morning, hi"),
        hears=smalltalk.greets,
    ),
    # Translators: words people type to thank, separated by commas.
    Route(
        "ask.thanks",
        ask.thanks,
        tap=False,
        words=N_("thank you, thanks, thank you very much"),
        hears=smalltalk.thanks,
    ),
    Route(
        "ask.not_it",
        ask.not_it,
        tap=False,
        # Translators: words people type when none of the suggestions is right, by commas.
        words=N_("none of these, not that, something else"),
        hears=smalltalk.denies,
    ),
    Route("ask.suggest", ask.suggest),
    Route("ask.none", ask.none),
    Route("ask.sorry", ask.sorry, tap=False),
    Route("ask.send", ask.send),
    Route("ask.take_back", ask.take_back),
    Route("ask.topics", ask.topics, place=True),
    Route("ask.topic", ask.topic, place=True),
    Route("ask.question", ask.question, tap=False),
)
