"""The table of codes and what each makes of a delivery."""

import pytest

from bot.errors import Gone, Later, Rejected, SendError, Throttled, Unavailable, Uncertain
from bot.zalo import (
    Action,
    Remedy,
    ZaloConsentException,
    ZaloException,
    ZaloHTTPException,
    ZaloNoAnswerException,
    ZaloNotSentException,
    ZaloOAException,
    row_of,
    send_error,
)
from bot.zalo.codes import OA, ZNS

TABLE = {
    Action.REFRESH: "-216 -220",
    Action.BACKOFF: "-32 -200 -214",
    Action.UNREACHABLE: "-230 -232 -213 -217 -244 -222 -227 -305",
    Action.LATER: "-218 -211 -311 -234 -133",
    Action.FIX: "-100 -201 -210 -233 -248 -249",
    Action.ADMIN: "-320 -321 -204 -205 -207 -208 -209 -212 -215 -219 -221 -223 -224 -235 -240 "
    "-242 -237 -238 -241 -403",
}
BY_PHONE = {
    Action.REFRESH: "-124",
    Action.BACKOFF: "-32 -100",
    Action.UNREACHABLE: "-108 -118 -114 -119 -139 -140 -141 -110",
    Action.ADMIN: "-115 -126 -137 -101 -102 -103 -104 -105 -117 -120 -125 -135 -1351 -136 -138 "
    "-145 -146",
    Action.LATER: "-133 -144 -1441 -147 -1471 -1472",
    Action.FIX: "-109 -111 -112 -1121 -1122 -1124 -113 -116 -131 -132",
}


@pytest.mark.parametrize(("table", "wanted"), [(OA, TABLE), (ZNS, BY_PHONE)])
def test_one_row_a_code(table: dict[int, object], wanted: dict[Action, str]) -> None:
    zns = table is ZNS
    listed = {int(code): action for action, codes in wanted.items() for code in codes.split()}
    assert {code: row_of(code, zns=zns).action for code in table} == listed


def test_an_unknown_code_is_ours_to_look_at() -> None:
    assert row_of(-99999).action is Action.FIX
    assert row_of(None).action is Action.FIX


def test_what_to_try_first() -> None:
    tried = {code: row.remedy for code, row in OA.items() if row.remedy is not Remedy.NONE}
    assert tried == {
        -100: Remedy.UPLOAD_AGAIN,
        -201: Remedy.PLAIN_TEXT,
        -210: Remedy.PLAIN_TEXT,
        -233: Remedy.PLAIN_TEXT,
        -248: Remedy.PLAIN_TEXT,
    }


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (ZaloNotSentException(None, "ConnectError"), Unavailable, "no_connection"),
        (ZaloNoAnswerException(None, "ReadTimeout"), Uncertain, "no_answer"),
        (ZaloHTTPException(502), Uncertain, "server_error"),
        (ZaloHTTPException(200), Uncertain, "server_error"),
        (ZaloHTTPException(429), Throttled, "throttled"),
        (ZaloHTTPException(404), Rejected, "status_404"),
        (ZaloConsentException(None), Throttled, "needs_consent"),
        (ZaloOAException(-32, "limit"), Throttled, "zalo-32"),
        (ZaloOAException(-200, "x"), Unavailable, "zalo-200"),
        (ZaloOAException(-230, "x"), Gone, "zalo-230"),
        (ZaloOAException(-216, "User blocked OA"), Gone, "zalo-216"),
        (ZaloOAException(-216, "expired"), Throttled, "zalo-216"),
        (ZaloOAException(-218, "x"), Later, "zalo-218"),
        (ZaloOAException(-201, "x"), Rejected, "zalo-201"),
        (ZaloOAException(-221, "x"), Throttled, "zalo-221"),
        (ZaloOAException(-321, "x"), Rejected, "zalo-321"),
        (ZaloOAException(-99999, "x"), Rejected, "zalo-99999"),
        (ZaloException(-118, "x"), Gone, "zalo-118"),
        (ZaloException(-100, "x"), Unavailable, "zalo-100"),
    ],
)
def test_what_becomes_of_a_delivery(error: ZaloException, kind: type[SendError], code: str) -> None:
    made = send_error(error)
    assert (type(made), made.code) == (kind, code)


def test_an_accounts_trouble_costs_no_delivery_a_try() -> None:
    """Only Throttled pauses the queue and counts no attempt."""
    for code, row in OA.items():
        made = send_error(ZaloOAException(code, "x"))
        assert made.said == row.meaning
        if isinstance(made, Throttled):
            assert made.wait_seconds >= 10
