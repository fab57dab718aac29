"""Why something a page posted was not taken, in the page's own words."""


class RefusedError(Exception):
    """Not now, or not this: the answer's status, and which of the page's words says so."""

    def __init__(self, status: int, word: str, wait: float = 0.0) -> None:
        self.status = status
        self.word = word
        self.wait = wait
        super().__init__(word)
