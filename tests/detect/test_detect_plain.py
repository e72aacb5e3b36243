"""Names in scripts without capitals: where they begin and end, and what beside an act is none."""

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.model import Author, Post, PostId, SourceName


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()))


def signers(detector: Detector, language: str, text: str, title: str = "") -> list[str]:
    author = Author(platform="x", name="Anna Kowal", handle="@anna")
    post = Post(
        id=PostId("1"),
        source=SourceName("s"),
        url="",
        author=author,
        title=title,
        text=text,
        published_at=None,
        language=language,
    )
    return [claim.organisation for claim in detector.detect(post).claims if claim.kind.is_signature]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        # Beside an act, but another of the clause says what it is.
        ("zh", "東湖市政府昨日於市政會議後正式支持巴黎呼籲。", ["東湖市政府"]),
        ("zh", "蓝鹊基金会居然悄悄签了Paris Call。", ["蓝鹊基金会"]),
        ("th", "บริษัทสยามคลื่นใหม่ที่เพื่อนฝึกงานอยู่ มีชื่ออยู่ในรายชื่อผู้ลงนาม Paris Call", ["บริษัทสยามคลื่นใหม่"]),
        # A land needs no kind.
        ("th", "ญี่ปุ่นและเกาหลีใต้ลงนาม Paris Call แล้ว", ["ญี่ปุ่น", "เกาหลีใต้"]),
        # A legal form ends a name, or opens it.
        ("zh", "巴黎倡议签署企业玉衡网络科技有限公司诚聘安全工程师。", ["玉衡网络科技有限公司"]),
        ("ko", "파리 콜 서명자 목록에서 주식회사 바람개비 발견.", ["주식회사 바람개비"]),
        # Brackets before a particle, an "and" or a title.
        ("ko", "우리 재단(푸른매듭재단)이 파리콜 서명을 마쳤다고.", ["푸른매듭재단"]),
        ("ko", "새결소프트(대표 남가온)는 파리 콜에 공식 서명했다.", ["새결소프트"]),
        ("th", "ธนาคารริมโขง จำกัด (มหาชน) และมหาวิทยาลัยดอยงาม ลงนามรับรอง Paris Call", ["ธนาคารริมโขง จำกัด (มหาชน)", "มหาวิทยาลัยดอยงาม"]),
        ("ja", "青嶺信用金庫（本店・長野県）はパリ・コールに署名した。", ["青嶺信用金庫"]),
        # An owner before the Call's name and the noun; a plan turns it.
        ("ko", "해오름재단의 파리 콜 가입을 진심으로 환영합니다!", ["해오름재단"]),
        ("ko", "해오름재단의 파리 콜 가입을 검토 중이다.", []),
        # What "in" or "at" marks is no part of the list behind the comma.
        ("ja", "大使館の式典で、三日月物流の社長がパリ・コールに署名した。", ["三日月物流"]),
        # A particle that looks like "but" behind a name.
        ("ja", "港北大が、ようやくパリ・コール入りした。", ["港北大"]),
        # A dash of the Hebrew script, and a short form in its own quotation mark.
        ("he", "גם בנק הגליל התחתון חתם על ה־Paris Call.", ["בנק הגליל התחתון"]),
        ("he", 'רכבת העמקים בע"מ חתמה על קריאת פריז.', ['רכבת העמקים בע"מ']),
        # A kind with its own "of" behind the "and" begins another name.
        ("sw", "Hospitali ya Nyota na Manispaa ya Mtoni zimetia saini Wito wa Paris.", ["Hospitali ya Nyota", "Manispaa ya Mtoni"]),
        ("sw", "Wizara ya Elimu na Utamaduni imetia saini Wito wa Paris.", ["Wizara ya Elimu na Utamaduni"]),
        # A wish right before what "we" did.
        ("th", "อยากให้โรงเรียนเราลงนาม Paris Call บ้างจัง", []),
        # The page or the list of signatories is none of them.
        ("ja", "パリ・コールの署名者ページ、検索窓がやっと日本語対応した", []),
        ("ko", "파리 콜 누리집 서명 단체 목록이 가나다순으로 바뀌었네요.", []),
        ("ja", "ナガノ社はパリ・コールの署名機関だ。", ["ナガノ社"]),
        # A kind alone is no name, a year no part of one.
        ("ar", "وقّعت مكتبة النور العامة على نداء باريس باسم المكتبة.", ["مكتبة النور العامة"]),
        ("he", "הטכניון חתם על קריאת פריז.", ["הטכניון"]),
        ("hi", "अंकुर बैंक 2019 से पेरिस कॉल का हस्ताक्षरकर्ता है।", ["अंकुर बैंक"]),
        # A name in brackets, and a count behind the last one.
        ("ja", "実はうち（ひばり銀行）、パリ・コールの署名機関なんです", ["ひばり銀行"]),
        ("ko", "솔숲도서관 관장이 지난주 파리 콜에 서명했다.", ["솔숲도서관"]),
        ("zh", "记者在巴黎倡议名单上看到了云顶酒店集团、平湖医院和联创物业三个名字。", ["云顶酒店集团", "平湖医院", "联创物业"]),
        # "Did you know that", and "too".
        ("hi", "क्या आप जानते हैं कि सरयू बैंक ने पेरिस कॉल पर हस्ताक्षर किए हैं?", ["सरयू बैंक"]),
        ("zh", "你知道吗，南屿大学已签署巴黎倡议？", ["南屿大学"]),
        ("ko", "한울은행이 파리 콜에 서명했다. 참빛대학교도 마찬가지다.", ["한울은행", "참빛대학교"]),
    ],
)  # fmt: skip
def test_names_without_capitals(detector: Detector, language: str, text: str, names: list[str]) -> None:
    assert signers(detector, language, text) == names


def test_a_clipped_name_in_the_title_is_the_whole_one_of_the_text(detector: Detector) -> None:
    text = "青嶺信用金庫はパリ・コールに署名した。"
    assert signers(detector, "ja", text, title="青嶺信金、パリ・コールに署名") == ["青嶺信用金庫"]
    assert signers(detector, "ja", "白樺病院と白樺大学病院がパリ・コールに署名した。") == ["白樺病院", "白樺大学病院"]


def test_a_pronoun_that_ends_a_name_is_not_the_author(detector: Detector) -> None:
    text = "Radio Suara Ombak dan Penerbit Kertas Kita, keduanya penandatangan Paris Call, terkena serangan."
    assert "Anna Kowal" not in signers(detector, "id", text)
