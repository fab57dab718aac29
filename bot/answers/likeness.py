"""Groups questions by likeness, in the vectors that answers are found by. Pure.

A question joins the group it is most like on average, the best connected questions first, so that
no chain of small steps ties two different questions together.
"""

from collections.abc import Sequence

import numpy as np

from bot.answers.features import Floats, Rows, kinds
from bot.answers.normalise import Rules, Tokens, readings, rules_for

ALIKE_FROM = 0.35  # mean cosine with a group from which a question belongs to it


def alike(
    texts: Sequence[str],
    language: str,
    background: Sequence[str] = (),
    *,
    least: float = ALIKE_FROM,
) -> list[list[int]]:
    """Groups of positions in `texts`, the biggest first, in each the most typical first.

    `background` are other questions of this language, the approved examples: what is common there
    weighs little. Texts of the same words always share a group.
    """
    if not texts:
        return []
    rules = rules_for(language)
    known = {word: 1 for text in background for word in _said(text, rules, {})}
    said = [_said(text, rules, known) for text in texts]
    gram = _gram(said, [_said(text, rules, known) for text in background], rules)
    for at, words in enumerate(said):
        gram[at] = np.maximum(gram[at], [float(other == words) for other in said])
    return _grouped(gram, least)


def _said(text: str, rules: Rules, known: dict[str, int]) -> Tokens:
    """The first reading: chat spelling and Telex left-overs put right, politeness left out."""
    words = readings(text, rules, known)[0]
    return tuple(word for word in words if word not in rules.fillers) or words


def _gram(said: Sequence[Tokens], background: Sequence[Tokens], rules: Rules) -> Floats:
    spoken = [*said, *background]
    rows = Rows.of(spoken, np.arange(len(spoken), dtype=np.int32), kinds(rules))
    likeness = [rows.likeness(rows.question(words))[: len(said)] for words in said]
    return np.asarray(likeness, dtype=np.float32)


def _grouped(gram: Floats, least: float) -> list[list[int]]:
    order = np.argsort(-gram.sum(axis=1), kind="stable").tolist()
    groups: list[list[int]] = []
    for one in order:
        means = [float(gram[one, group].mean()) for group in groups]
        best = max(range(len(groups)), key=means.__getitem__, default=None)
        if best is not None and means[best] >= least:
            groups[best].append(one)
        else:
            groups.append([one])
    return sorted(groups, key=lambda group: (-len(group), min(group)))
