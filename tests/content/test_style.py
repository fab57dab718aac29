"""The text rules: what is too long, what is not our word, what must never be asked for."""

import pytest

from bot.content import RULES, SLOTS
from bot.content.style import as_seen, asks_for_identity_card, lint, lint_title, slots

LONG = "một hai ba bốn năm sáu bảy tám chín mười mười một mười hai mười ba mười bốn"


def rules(text: str, language: str = "vi", limit: int = 320, *, safety: bool = False) -> list[str]:
    return [rule for rule, _ in lint("text", text, language, limit=limit, safety=safety)]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Phòng của đại biểu: **305**, tầng 3.", []),
        ("Mời đại biểu bấm mã vuông (QR) trên thẻ.", []),
        ("Đại hội lần thứ XIV họp lúc 14:30.", []),
        ("Mời đại biểu mang SIM và thẻ nhớ USB.", []),
        ("Mã đại biểu là DB0305, cửa A5.", []),
        ("Mọi đại biểu đều có ghế. Đại biểu ngồi tại ghế của mình.", []),
        ("Wi-Fi không cần mật khẩu 🔊.", []),
        ("Tiếng dân tộc thiểu số có phiên dịch.", []),
        ("Gọi {hotline} để gặp người hỗ trợ.", []),
        ("a" * 320, []),
        ("a" * 321, ["too-long"]),
        ("**" + "a" * 320 + "**", []),
        ("Một. Hai. Ba. Bốn.", ["many-sentences"]),
        ("Đi đâu? Về đâu?", ["many-questions"]),
        (LONG, ["long-sentence"]),
        (LONG.removesuffix(" mười bốn").removesuffix(" mười ba"), []),
        ("Cẩn thận!", ["exclamation"]),
        ("Phòng hoà nhạc.", ["tone-style"]),
        ("Bác sĩ hỏi về sức khoẻ, tàu thuỷ, uỷ ban.", ["tone-style"] * 3),
        ("Sức khỏe quý giá, thủy lợi, hòa nhạc, khuỷu tay, loại.", []),
        ("Bà Thuỷ ở Hoà Bình.", []),
        ("Vui lòng chờ. Xin vui lòng đứng.", ["please-chain"]),
        ("Bạn vào phòng.", ["address"]),
        ("Các nước bạn và bạn bè quốc tế.", []),
        ("Chào 🎉", ["emoji"]),
        ("Đồ uống 7h30", ["clock-style"]),
        ("Lúc 2h chiều và 14g.", ["clock-style", "clock-style"]),
        ("Lúc 7:30 AM.", ["abbreviation", "clock-style"]),
        ("Mở app, bấm Link.", ["forbidden-word", "forbidden-word"]),
        ("Mời check-in rồi check in.", ["forbidden-word", "forbidden-word"]),
        ("Quét mã QR.", ["forbidden-word"]),
        ("BTC báo ĐB đến KS ở TP. Vinh, P.305, vv", ["forbidden-word"] * 6),
        ("Đến UBMTTQ.", ["abbreviation"]),
        ("Nói tiếng dân tộc.", ["forbidden-word"]),
        ("Người Mèo, H'Mông.", ["forbidden-word", "forbidden-word"]),
        ("Có lẽ xe đến muộn.", ["forbidden-word"]),
        ("Application, formal, Bookan.", []),
        ("**Phòng 305", ["bold"]),
        ("Mời đại biểu chụp ảnh căn cước gửi Ban Tổ chức.", ["identity-card"]),
    ],
)
def test_vietnamese_texts(text: str, broken: list[str]) -> None:
    assert sorted(rules(text)) == sorted(broken)


def test_the_simple_text_is_stricter() -> None:
    assert rules("a" * 161, limit=160) == ["too-long"]
    assert rules(LONG, limit=160) == ["long-sentence-short"]
    assert RULES["long-sentence-short"].blocks is True
    assert RULES["long-sentence"].blocks is False


def test_safety_may_use_an_exclamation_mark() -> None:
    assert rules("Cháy! Mời đại biểu ra cửa số 2.", safety=True) == []


def test_other_languages_get_more_room_and_no_vietnamese_word_list() -> None:
    assert rules("Open the app, please " + "a" * 290, "en") == []
    assert rules("a" * 321, "en") == ["too-long"]
    assert rules("a" * 512, "km") == []
    assert rules("a" * 513, "km") == ["too-long"]


def test_a_title_fits_a_button() -> None:
    assert list(lint_title("Gặp người hỗ trợ ạ", "vi")) == []
    assert list(lint_title("Xem giờ xe đưa đón về", "vi")) == [("long-title", {"count": 21})]


def test_lengths_are_measured_with_slots_filled() -> None:
    assert as_seen("**{room}** {{x}} {nothing}") == "0412 {x} {nothing}"
    assert slots("{name} {{x}} {room} {name}") == ("name", "room", "name")
    assert rules("{hotel}. " * 16)[0] == "too-long"
    assert rules(" ".join("{" + slot + "}" for slot in SLOTS)) == ["long-sentence"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Mời đại biểu gửi ảnh chụp căn cước công dân.", True),
        ("Chụp hộ chiếu hai mặt và gửi cho Ban Tổ chức.", True),
        ("Nộp bản sao chứng minh nhân dân.", True),
        ("Please send a photo of your passport.", True),
        ("Take a picture of your ID card if you have no badge, do not wait.", True),
        ("Mời đại biểu mang theo căn cước công dân.", False),
        ("Xuất trình căn cước có ảnh tại quầy lễ tân.", False),
        ("Đừng bao giờ gửi ảnh căn cước cho bất kỳ ai.", False),
        ("Ban Tổ chức không xin ảnh căn cước của đại biểu.", False),
        ("Never send a picture of your passport to anyone.", False),
        ("Mang căn cước. Gửi ảnh của đoàn cho phóng viên.", False),
    ],
)
def test_a_picture_of_an_identity_card_is_never_asked_for(text: str, asks: bool) -> None:
    assert asks_for_identity_card(text) is asks
