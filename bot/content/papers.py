"""Looks inside a PDF as far as safety asks: does it do more than lie there to be read?

Delegates open these files on their own phones because the organisers gave them.
"""

import re
import zlib
from collections.abc import Iterator

# A program, a start of other programs, a hidden file, a form that sends, film and sound, a lock.
_ALIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|SubmitForm|ImportData|RichMedia|GoToR|GoToE|XFA"
    rb"|Encrypt)(?![A-Za-z0-9])"
)
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_OBJECTS = re.compile(rb"/ObjStm\b.{0,2000}?stream\r?\n(.*?)endstream", re.DOTALL)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_UNPACKED_BYTES = 8 * 1024 * 1024


def alive_in(data: bytes) -> str:
    """What in a PDF runs, hides or locks something; "" when it is only to be read.

    Names may be written with #xx for a letter, and may stand in packed streams of objects. Other
    streams are pictures, fonts and pages: what looks like a name there is chance.
    """
    for text in (_STREAM.sub(b"", data), *_packed(data)):
        found = _ALIVE.search(_HEX.sub(lambda hit: bytes([int(hit[1], 16)]), text))
        if found:
            return found[0].decode("ascii")
    return ""


def _packed(data: bytes) -> Iterator[bytes]:
    """The streams that hold objects, unpacked."""
    room = _UNPACKED_BYTES
    for hit in _OBJECTS.finditer(data):
        try:
            text = zlib.decompressobj().decompress(hit[1], room)
        except zlib.error:
            continue
        yield text
        room -= len(text)
        if room <= 0:
            return
