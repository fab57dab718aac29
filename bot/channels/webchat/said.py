"""What a page posts: untrusted, checked here and turned into one of four plain things."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.text import clean

# A page's own id of what it sends: the same one when it tries again, so nothing is doubled.
SaidId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{16,64}$")]
TEXT_LIMIT = 2000  # visible characters; the text box stops there too


class Said(BaseModel):
    """One post of a page: words, a pressed button, where she is, or the start of a conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: SaidId
    text: str | None = None
    value: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    on: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    joined: Literal[True] | None = None
    card: Annotated[str, StringConstraints(max_length=128)] = ""

    @model_validator(mode="after")
    def _one_thing(self) -> "Said":
        if [self.text, self.value, self.joined, self.latitude].count(None) != 3:
            raise ValueError("say one of text, value, joined, a place")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a place has two numbers")
        if self.text is not None and not self.words:
            raise ValueError("there are no words in the text")
        return self

    @property
    def words(self) -> str:
        """The text, safe to store and to show."""
        return clean(self.text or "", TEXT_LIMIT)
