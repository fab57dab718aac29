"""Everything the assistant can be asked, in order: open this file first.

A name stays when its function is renamed, for sessions and old buttons remember names.
"""

from bot.i18n import N_
from bot.router import Route
from bot.values.incoming import Kind
from handlers import (
    ask,
    call,
    consent,
    documents,
    emergency,
    helper,
    linking,
    me,
    menu,
    mine,
    places,
    programme,
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
    ),
    Route("welcome.next", welcome.next_step),
    Route("welcome.consent", consent.ask, place=True),
    Route("welcome.agree", consent.agree),
    Route("welcome.refuse", consent.refuse),
    Route("welcome.link", linking.link, place=True),
    Route("welcome.code", linking.code, tap=False),
    Route("welcome.digits", linking.digits, tap=False),
    Route("welcome.call", call.ask, place=True),
    Route("welcome.linked", linking.linked),
    Route("welcome.not_me", linking.not_me),
    # Translators: words people type to see the menu, separated by commas.
    Route("menu.show", menu.show, place=True, words=N_("menu, home, /menu")),
    Route("menu.more", menu.more, place=True),
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
    Route("emergency.show", emergency.show, place=True, first=True),
    # Her own record.
    Route("mine.room", mine.room, place=True),
    Route("mine.hotel", mine.hotel, place=True),
    Route("mine.seat", mine.seat, place=True),
    Route("mine.bus", mine.bus, place=True),
    Route("mine.meals", mine.meals, place=True),
    Route("mine.badge", mine.badge, place=True),
    Route("mine.group", mine.group, place=True),
    Route("mine.head", mine.head, place=True),
    Route("mine.all", mine.everything, place=True),
    Route("mine.wrong", mine.wrong),
    # The programme, and the places it names.
    Route("programme.now", programme.now, place=True),
    Route("programme.next", programme.next_item, place=True),
    Route("programme.today", programme.today, place=True),
    Route("programme.tomorrow", programme.tomorrow, place=True),
    Route("programme.day", programme.day, place=True),
    Route("programme.days", programme.days, place=True),
    Route("programme.item", programme.item, place=True),
    Route("place.show", places.show, place=True),
    # Papers: which there are, what they say in short, their files.
    # Translators: words people type to see the documents, separated by commas.
    Route("documents.list", documents.listing, place=True, words=N_("documents, /documents")),
    Route("documents.show", documents.show, place=True),
    Route("documents.get", documents.get, place=True),
    # What is kept about her, and her rights.
    # Translators: words people type to see what is kept about them, separated by commas.
    Route("me.show", me.show, place=True, words=N_("/dulieu, my data")),
    # Translators: words people type to correct what is kept, separated by commas.
    Route("me.correct", me.correct, place=True, words=N_("/sua, correct my data")),
    # Translators: words people type to have their data deleted, separated by commas.
    Route("me.erase", me.erase, place=True, words=N_("/xoa, delete my data")),
    Route("me.erase_now", me.erase_now),
    # Translators: words people type to stop ordinary notices, separated by commas.
    Route("me.stop", me.stop, words=N_("/dung, stop notices")),
    # Translators: words people type to receive ordinary notices again, separated by commas.
    Route("me.resume", me.resume, words=N_("receive notices")),
    # Whatever else was typed is a question.
    Route("ask.answer", ask.answer, place=True),
    Route("ask.suggest", ask.suggest),
    Route("ask.none", ask.none),
    Route("ask.sorry", ask.sorry, tap=False),
    Route("ask.topics", ask.topics, place=True),
    Route("ask.topic", ask.topic, place=True),
    Route("ask.question", ask.question, tap=False),
)
