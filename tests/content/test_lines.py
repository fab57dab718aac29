"""The locator tells the line where a person would look."""

import pytest

from bot.content.lines import Lines

TEXT = '''\
# title = "not a key"
first = 1 # [vi]
list = [
  "a, [b] # c", # d = "e"
  'it''s"', """x
  y""",
]
"quoted key" = {inner = 1, other = [1, 2]}

[vi] # header
text = """
[en]
title = "inside" \\""" still
"""
raw = \'\'\'
[km]\'\'\'
title = "Nhận phòng"

["hmn@rpa"]
title = "Tau chav"

[[item]]
id = "a"
[item.vi]
title = "A"

[[item]]
id = "b"

[item.vi]
title = "B"
'''.replace("'it''s\"'", "'it is'")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("first",), 2),
        (("list",), 3),
        (("list", 0), 4),
        (("list", 1), 5),
        (("list", 2), 5),
        (("list", 9), 3),
        (("quoted key",), 8),
        (("quoted key", "inner"), 8),
        (("vi",), 10),
        (("vi", "text"), 11),
        (("vi", "raw"), 15),
        (("vi", "title"), 17),
        (("en",), 1),
        (("km", "title"), 1),
        (("hmn@rpa", "title"), 20),
        (("item", 0, "id"), 23),
        (("item", 0, "vi", "title"), 25),
        (("item", 1), 27),
        (("item", 1, "id"), 28),
        (("item", 1, "vi"), 30),
        (("item", 1, "vi", "note"), 30),
        (("item", 1, "vi", "title"), 31),
        ((), 1),
    ],
)
def test_every_key_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert Lines(TEXT).of(*path) == line
