"""The sample congress's example questions, as its organisers wrote them."""

import tomllib
from functools import lru_cache
from pathlib import Path

from bot.answers import Example

FOLDER = Path(__file__).parents[2] / "content" / "sample" / "answers"


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """Every title and example question in every language, answers named topic/slug."""
    return tuple(
        Example(f"{file.parent.name}/{file.stem}", question, language)
        for file in sorted(FOLDER.rglob("*.toml"))
        for language, part in tomllib.loads(file.read_text(encoding="utf-8")).items()
        if isinstance(part, dict) and part.get("questions")
        for question in dict.fromkeys((part["title"], *part["questions"]))
    )
