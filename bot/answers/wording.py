"""What delegates write for what organisers wrote: chat spellings, mere greetings.

Data only, and only for Vietnamese and English. An event adds its own chat spellings
("HTQT" = "Hội trường Quốc tế") when it asks; it never has to touch this file.
"""

from collections.abc import Mapping

# One typed form, every meaning it may have. Two meanings are two readings of the question, and the
# one that fits the approved questions best wins, so no meaning is ever forced on the delegate.
CHAT: Mapping[str, tuple[str, ...]] = {
    "k": ("không",),
    "ko": ("không",),
    "kg": ("không",),
    "khg": ("không",),
    "kh": ("không", "khách"),
    "hok": ("không",),
    "hong": ("không",),
    "hông": ("không",),
    "khum": ("không",),
    "0": ("0", "không"),
    "dc": ("được", "địa chỉ", "đồng chí"),
    "đc": ("được", "địa chỉ", "đồng chí"),
    "đk": ("đăng ký", "được", "điều kiện"),
    "dk": ("đăng ký", "được", "điều kiện"),
    "j": ("gì",),
    "ji": ("gì",),
    "z": ("vậy",),
    "dz": ("vậy",),
    "zậy": ("vậy",),
    "v": ("vậy",),
    "vs": ("với",),
    "zới": ("với",),
    "r": ("rồi",),
    "roài": ("rồi",),
    "bt": ("biết", "bình thường"),
    "bik": ("biết",),
    "bít": ("biết",),
    "mk": ("mình",),
    "mik": ("mình",),
    "lm": ("làm",),
    "cx": ("cũng",),
    "cug": ("cũng",),
    "nhiu": ("nhiêu", "nhiều"),
    "nh": ("nhiêu", "nhiều"),
    "bnhiu": ("bao nhiêu",),
    "bnh": ("bao nhiêu",),
    "bn": ("bao nhiêu", "bạn"),
    "mún": ("muốn",),
    "mun": ("muốn",),
    "tks": ("cảm ơn",),
    "thks": ("cảm ơn",),
    "cmon": ("cảm ơn",),
    "camon": ("cảm ơn",),
    "ks": ("khách sạn",),
    "p": ("phòng", "phút"),
    "ph": ("phòng", "phút"),
    "phg": ("phòng",),
    "ng": ("người",),
    "bh": ("bây giờ", "bao giờ"),
    "ntn": ("như thế nào",),
    "tnao": ("thế nào",),
    "h": ("giờ",),
    "sđt": ("số điện thoại",),
    "sdt": ("số điện thoại",),
    "đt": ("điện thoại",),
    "dt": ("điện thoại",),
    "đb": ("đại biểu",),
    "db": ("đại biểu",),
    "đbiểu": ("đại biểu",),
    "đh": ("đại hội",),
    "dh": ("đại hội",),
    "hn": ("hội nghị", "hà nội", "hôm nay"),
    "ht": ("hội trường",),
    "btc": ("ban tổ chức",),
    "tl": ("tài liệu", "trả lời"),
    "cccd": ("căn cước công dân",),
    "tp": ("thành phố",),
    "wc": ("nhà vệ sinh",),
    "ctrinh": ("chương trình",),
    "trc": ("trước",),
    "đag": ("đang",),
    "wa": ("quá",),
    "hqua": ("hôm qua",),
    "hnay": ("hôm nay",),
}


# Short words of other languages that Telex rules would otherwise turn into Vietnamese syllables.
BORROWED = """
taxi taxis bus car fax file wifi of as is or us if so sos sms gps os ios visa pass passport test
text web app email mail box bar spa sim esim usb laptop lap lab lobby internet facebook zalo
telegram ok okay has was his her does do for from are our use user buffet vip max maximum mix
fix tax six sex next exit extra express fast first last list least east west door floor room
food good book too see free meet need week feel seat tea pad post poster print scan slide
slides news jazz pizza size show tour view new now how who two law raw draw saw low grab ups
"""

# Words that greet, plead or name the speaker: they carry no intent, known or not.
FILLERS: Mapping[str, str] = {
    "vi": """
xin chào hello hi alo dạ ạ à ơi ừ oke ok okay cảm ơn cám nhé nha nhỉ với vậy z v thì là tôi
mình em cháu con anh chị bác cô chú đồng chí bạn ad admin bot shop cho hỏi giúp nhờ được rồi và
của nhiều lắm tốt buổi sáng chiều thanks thank you bye tạm biệt
""",
    "en": """
hello hi hey ok okay thanks thank you bye please a an the is are am do does i we my me to of for
can could would will it its in on at and there what good morning afternoon evening
""",
}
