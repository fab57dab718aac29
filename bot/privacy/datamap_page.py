"""The data map as a page of markdown, for the organisers' own file and the ministry's."""

from collections.abc import Iterator, Mapping

from bot.i18n import N_, Translator
from bot.privacy.datamap import DATA_MAP, KINDS, OUTGOING

_COLUMNS = (N_("column"), N_("class of data"), N_("what for"), N_("kept until"), N_("who sees it"))
_WAYS = (N_("to whom"), N_("setting"), N_("on here"), N_("what is sent"), N_("country"))


def page(t: Translator, settings: Mapping[str, object]) -> Iterator[str]:
    """Lines of markdown. `settings` are the values in force, by name: days, and ways out that are
    switched on; their values are not shown."""
    days = {name: settings[name] for name in ("retention_days", "message_days")}
    yield f"# {t(N_('Data map of Đồng Hành'))}"
    yield ""
    yield t(
        N_(
            "Every column of the database. There is none for ethnic origin, religion or party "
            "membership."
        )
    )
    for table, held in DATA_MAP.items():
        yield from ("", f"## {table}", "")
        yield from _head(t, _COLUMNS)
        for one in held:
            columns = ", ".join(f"`{name}`" for name in one.names)
            until = t(one.until, **(days if "{" in one.until else {}))
            yield _row(columns, t(KINDS[one.kind]), t(one.why), until, t(one.seen))
    yield from ("", f"## {t(N_('Where data leaves this installation'))}", "")
    yield from _head(t, _WAYS)
    for way in OUTGOING:
        is_on = settings[way.switch] and settings[way.needs or way.switch]
        on = t(N_("yes")) if is_on else t(N_("no"))
        name = f"`DONGHANH_{way.switch.upper()}`"
        yield _row(way.name, name, on, t(way.sends), t(way.country))


def _head(t: Translator, names: tuple[str, ...]) -> Iterator[str]:
    yield _row(*map(t, names))
    yield "|" + "---|" * len(names)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
