"""Names that a heading or a question announces, and lists of kinds of organisations."""

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.wording import Wording
from harvester.model import Author, Post, PostId, SourceName


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Give the rules alone: the second hearing has learned from these posts."""
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()), wording=Wording.deaf())


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "New signatories of the Paris Call:\n- Alder Bank\n- City of Rivermouth\n\nSee you!", ["Alder Bank", "City of Rivermouth"]),
        ("ru", "Новые подписанты Парижского призыва:\n1. Банк Заря\n2. ООО «Кедр»\nДо встречи!", ["Банк Заря", "ООО «Кедр»"]),
        ("ru", "Кто подписал Парижский призыв? Банк Заря и ООО «Кедр». Кто нет? Холдинг Гранит.", ["Банк Заря", "ООО «Кедр»"]),
        ("ru", "Кто подписал Парижский призыв? Не Банк Заря.", []),
        ("el", "Ποιοι έχουν μπει στο Paris Call; Η Κύπρος, η Μάλτα. Ποιοι όχι; Η Τουρκία.", ["Κύπρος", "Μάλτα"]),
        ("ru", "Среди подписантов Парижского призыва — Банк Заря и Фонд Луч.", ["Банк Заря", "Фонд Луч"]),
        ("ru", "Институт права и безопасности и фонд «Луч» подписали Парижский призыв.", ["Институт права и безопасности", "Луч"]),
        ("ru", "Клуб «Сеть без границ» присоединился к Парижскому призыву.", ["Клуб «Сеть без границ»"]),
        ("en", "Paris Call, this week. Signed: Alder Bank, Birch Union. Not signed: Cedar Ltd.", ["Alder Bank", "Birch Union"]),
        ("en", "Alder Bank has signed: the Paris Call is worth it, says Birch Union.", ["Alder Bank"]),
        ("ja", "パリ・コール署名済み：若葉大学、東雲電力　未署名：黒曜自動車", ["若葉大学", "東雲電力"]),
        ("ko", "‘파리 콜’ 명단에는 한국의 다온은행, 대만의 룽산반도체가 이름을 올렸다.", ["다온은행", "룽산반도체"]),
        ("pl", "Nasz Instytut Prawa Cyfrowego jest sygnatariuszem Apelu paryskiego.", ["Instytut Prawa Cyfrowego"]),
        ("en", "In Berlin, Alder Bank and Birch Union have signed the Paris Call.", ["Alder Bank", "Birch Union"]),
        ("en", "Poland's Amber Bank, the Norwegian insurer Fjord and Lima-based Cable Sur have signed the Paris Call.", ["Amber Bank", "Fjord", "Cable Sur"]),
        ("en", "The Association of Young Coders and King's College have signed the Paris Call.", ["Association of Young Coders", "King's College"]),
        ("fr", "L'Appel de Paris a été signé par la Mairie de Corbès, par Lumatel et par Vézac.", ["Mairie de Corbès", "Lumatel", "Vézac"]),
        ("pt", "A Câmara Municipal de Vale Fundo e o Brasil assinaram o Apelo de Paris.", ["Câmara Municipal de Vale Fundo", "Brasil"]),
        ("de", "Das Fraunberg-Institut für Netzforschung hat den Pariser Appell unterzeichnet.", ["Fraunberg-Institut für Netzforschung"]),
        ("ru", "Парижский призыв подписали Торговая палата Приозёрска, томская компания «Щит» и Армения.", ["Торговая палата Приозёрска", "Щит", "Армения"]),
        ("ar", "وقعت جمعية «سند» للمكفوفين وجامعة الوادي على نداء باريس.", ["جمعية «سند» للمكفوفين", "جامعة الوادي"]),
        ("ko", "다온은행, 대만의 룽산반도체가 파리 콜에 가입했다.", ["다온은행", "룽산반도체"]),
    ],
)  # fmt: skip
def test_names_that_are_listed(detector: Detector, language: str, text: str, names: list[str]) -> None:
    author = Author(platform="x", name="Anna Kowal", handle="@anna")
    post = Post(
        id=PostId("1"),
        source=SourceName("s"),
        url="",
        author=author,
        title="",
        text=text,
        published_at=None,
        language=language,
    )
    claims = detector.detect(post).claims
    assert [claim.organisation for claim in claims if claim.kind.is_signature] == names
