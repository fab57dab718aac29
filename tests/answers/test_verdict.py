"""Answer, suggest or admit: what is made of the matches."""

import pytest

from bot.answers import Example, Match, Matcher, Reason, Verdict, Why
from bot.answers.verdict import weighed

VI = {
    "hotel": ("Khách sạn ở đâu?", "tôi nghỉ ở khách sạn nào", "đoàn tôi ở chỗ nào"),
    "bus": ("mấy giờ xe chạy", "xe đón ở đâu", "tôi đi xe số mấy", "tôi lỡ xe rồi"),
    "badge": ("tôi mất thẻ đại biểu", "làm rơi thẻ rồi", "xin cấp lại thẻ"),
}
EN = {
    "hotel": ("where is my hotel", "which hotel do I stay in"),
    "bus": ("when does the bus leave", "has the bus left", "which bus is mine"),
}
HMONG = {"hotel": ("kuv lub tsev so nyob qhov twg", "kuv pw qhov twg")}
MATCHER = Matcher.build(
    [
        Example(answer, text, language)
        for language, answers in (("vi", VI), ("en", EN), ("hmn@rpa", HMONG))
        for answer, texts in answers.items()
        for text in texts
    ],
    {"nks": "nhà khách sạn"},
)


def match(answer: str, score: float, *, covered: float = 1.0, known: float = 1.0) -> Match:
    return Match(answer, score, Reason("ví dụ", (), 0.5, covered, known))


CLEAR, CLOSE, FAINT = match("a", 0.85), match("b", 0.82), match("c", 0.05)
LIKELY = tuple(match(name, 0.4) for name in "abcd")
PARTLY, STRANGE = match("a", 0.9, covered=0.4), match("a", 0.3, covered=0, known=0)


@pytest.mark.parametrize(
    ("matches", "verdict"),
    [
        ((), Verdict("nothing", (), Why.NOTHING_ALIKE)),
        ((FAINT,), Verdict("nothing", (), Why.NOTHING_ALIKE)),
        ((STRANGE,), Verdict("nothing", (), Why.STRANGE)),
        (LIKELY, Verdict("unsure", LIKELY[:3], Why.WEAK)),
        ((PARTLY,), Verdict("unsure", (PARTLY,), Why.PARTLY)),
        ((CLEAR, CLOSE), Verdict("unsure", (CLEAR, CLOSE), Why.RIVALS)),
        ((CLEAR, FAINT), Verdict("answer", (CLEAR,), Why.CLEAR)),
        ((CLEAR, LIKELY[1]), Verdict("answer", (CLEAR,), Why.CLEAR)),
    ],
)
def test_how_matches_are_weighed(matches: tuple[Match, ...], verdict: Verdict) -> None:
    assert weighed(matches) == verdict


def test_word_for_word_is_not_rivalled_by_what_another_language_is_like() -> None:
    said = Match("a", 1.0, Reason("ví dụ", (), 1.0, 1.0, 1.0))
    assert weighed((said, CLOSE)) == Verdict("answer", (said,), Why.CLEAR)
    also = Match("b", 1.0, Reason("ví dụ", (), 1.0, 1.0, 1.0))
    assert weighed((said, also)).why is Why.RIVALS


def test_a_sensitive_answer_has_to_be_more_certain() -> None:
    assert weighed((CLEAR,), sensitive=frozenset("a")) == Verdict("unsure", (CLEAR,), Why.SENSITIVE)
    sure = match("a", 0.95)
    assert weighed((sure,), sensitive=frozenset("a")) == Verdict("answer", (sure,), Why.CLEAR)


@pytest.mark.parametrize(
    ("question", "language", "answer"),
    [
        ("where is my hotel please", "en", "hotel"),
        ("khach san o dau", "en", "hotel"),
        ("khasch sanj nafo", "en", "hotel"),
        ("nks ở đâu", "en", "hotel"),
        ("tôi mất htẻ đại biẻu", "vi", "badge"),
        ("whihc hotel do I stay in", "en", "hotel"),
        ("has the bus left", "vi", None),
        ("tôi mất thẻ đại biểu", "en", "badge"),
        ("kuv pw qhov twg", "hmn@rpa", "hotel"),
        ("khách sạn ở đâu", "hmn@rpa", "hotel"),
        ("khách sạn ở đâu", "jra", "hotel"),
    ],
)
def test_her_language_and_vietnamese_are_searched(
    question: str, language: str, answer: str | None
) -> None:
    verdict = MATCHER.ask(question, language)
    given = verdict.candidates[0].answer_id if verdict.kind == "answer" else None
    assert given == answer


def test_a_message_that_is_all_guessed_is_never_answered() -> None:
    """ "htẻ" is "thẻ" beside words that are known; alone it may be anything."""
    kinds = [MATCHER.ask(text, "vi").kind for text in ("tôi mất htẻ", "htẻ")]
    assert kinds == ["answer", "unsure"]


@pytest.mark.parametrize("question", ["xin chào", "hello", "cảm ơn ạ", "asdf qwer", "", "😀"])
@pytest.mark.parametrize("language", ["vi", "en", "hmn@rpa", "km"])
def test_greetings_and_gibberish_find_nothing(question: str, language: str) -> None:
    assert MATCHER.ask(question, language).kind == "nothing"


def test_hmong_tone_letters_are_never_taken_for_telex() -> None:
    """ "xex" would be "xe" (vehicle) on a Vietnamese keyboard."""
    assert [MATCHER.ask("xex", language).kind for language in ("vi", "hmn@rpa")] == [
        "answer",
        "nothing",
    ]


def test_an_answer_found_in_two_languages_stands_once() -> None:
    found = MATCHER.matches("hotel khách sạn ở đâu", "en")
    assert len({match.answer_id for match in found}) == len(found)


def test_no_examples_no_answers() -> None:
    assert Matcher.build([]).ask("khách sạn ở đâu", "vi").kind == "nothing"
