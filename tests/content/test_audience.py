"""Who may be told what."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import NOBODY, Audience, AudienceError, Facets
from bot.content.audience import KINDS

NAMES = st.text(string.ascii_letters + "ĐđắộưÊê0123456789 .-", min_size=1).filter(str.strip)
TERMS = st.one_of(
    st.builds(lambda kind, name: f"{kind}:{name}", st.sampled_from(KINDS), NAMES),
)
LAN = Facets(True, "Tỉnh Điện Biên", "1", "Trưởng đoàn", "Khách sạn Sen Hồng", "12")


@pytest.mark.parametrize(
    ("terms", "admitted"),
    [
        ("public", [True, True, True]),
        ("linked", [False, True, True]),
        ("group:1", [False, True, False]),
        ("group:01", [False, True, False]),
        ("delegation:tinh dien bien", [False, True, False]),
        (["group:2", "role:TRƯỞNG ĐOÀN"], [False, True, False]),
        (["group:2", "bus:3"], [False, False, False]),
        ("hotel:Khách sạn  Sen Hồng", [False, True, False]),
    ],
)
def test_an_audience_admits_a_stranger_a_delegate_and_one_without_facts(
    terms: str | list[str], admitted: list[bool]
) -> None:
    audience = Audience.parse(terms)
    assert [audience.admits(who) for who in (NOBODY, LAN, Facets(linked=True))] == admitted


def test_a_record_that_is_no_longer_active_opens_nothing() -> None:
    gone = Facets(False, "Tỉnh Điện Biên", "1", "Trưởng đoàn", "Khách sạn Sen Hồng", "12")
    assert Audience.parse(["group:1", "bus:12"]).admits(gone) is False


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ([], "audience-empty"),
        (["public", "group:1"], "audience-swallowed"),
        (["linked", "bus:1"], "audience-swallowed"),
        ("everybody", "audience-grammar"),
        ("group", "audience-grammar"),
        ("group:", "audience-grammar"),
        ("group: ", "audience-grammar"),
        ("Group:1", "audience-grammar"),
        ("", "audience-grammar"),
        ("language:km", "audience-private"),
        ("ngôn ngữ:km", "audience-private"),
        ("comfort:audio", "audience-private"),
        ("consent:yes", "audience-private"),
        ("ethnic:x", "audience-private"),
        ("ethnicity:x", "audience-private"),
        ("ethnic-group:x", "audience-private"),
        ("ethnic_group:x", "audience-private"),
        ("Dân tộc:x", "audience-private"),
        ("tôn giáo:x", "audience-private"),
        ("đảng viên:x", "audience-private"),
        ("language", "audience-private"),
    ],
)
def test_what_is_no_audience_is_refused_with_its_reason(terms: str | list[str], rule: str) -> None:
    with pytest.raises(AudienceError) as caught:
        Audience.parse(terms)
    assert caught.value.rule == rule


@given(st.lists(TERMS, min_size=1, max_size=6))
def test_order_and_repetition_never_matter(terms: list[str]) -> None:
    whole = Audience.parse(terms)
    assert Audience.parse([*reversed(terms), *terms]) == Audience.parse(whole.terms)
    assert Audience.parse(whole.terms) == whole


@given(st.lists(TERMS, min_size=1, max_size=6))
def test_no_circle_of_the_roster_admits_a_stranger(terms: list[str]) -> None:
    audience = Audience.parse(terms)
    assert audience.admits(NOBODY) is False
    assert audience.admits(Facets(linked=True)) is False


@given(st.sampled_from(KINDS), NAMES)
def test_whoever_has_the_very_value_is_admitted(kind: str, name: str) -> None:
    who = Facets(linked=True, **{kind: name})
    assert Audience.parse(f"{kind}:{name}").admits(who) is True
