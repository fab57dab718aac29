"""How an event looks, without anything it says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo.leftover import shape_of

KINDS = {"digits", "text", "yes or no", "number", "nothing", "more"}


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"a": "0912345678", "b": "chị Hà", "c": 5}, {"a": "digits", "b": "text", "c": "number"}),
        ({"a": None, "b": True, "c": []}, {"a": "nothing", "b": "yes or no", "c": []}),
        ([{"id": "1"}, {"id": "2"}], [{"id": "digits"}]),
        ({"a": {"b": {"c": {"d": {"e": 1}}}}}, {"a": {"b": {"c": {"d": "more"}}}}),
    ],
)
def test_values_become_their_kinds(value: Any, shape: Any) -> None:
    assert shape_of(value) == shape


def leaves(shape: Any) -> list[str]:
    if isinstance(shape, dict):
        return [leaf for one in shape.values() for leaf in leaves(one)]
    return [leaf for one in shape for leaf in leaves(one)] if isinstance(shape, list) else [shape]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=60), inner, max_size=60),
)


@given(JSON)
def test_nothing_that_was_said_is_in_a_shape(value: Any) -> None:
    shape = shape_of(value)
    assert set(leaves(shape)) <= KINDS
    json.dumps(shape)
