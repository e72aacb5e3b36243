"""Names in other cases than the nominative, and those for whom an officer or a board acts."""

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.cases import Cases
from harvester.detect.lexicon import read_lexicons
from harvester.detect.wording import Wording
from harvester.detect.words import SmallWords
from harvester.model import Author, Post, PostId, SourceName


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()), wording=Wording.deaf())


@pytest.mark.parametrize(
    ("language", "told", "name"),
    [
        ("ru", "Степного технического университета", "Степной технический университет"),
        ("ru", "Приволжского института связи", "Приволжский институт связи"),
        ("ru", "Саранской больницы", "Саранская больница"),
        ("ru", "Музей университета", "Музей университета"),
        ("ru", "Народный университет", "Народный университет"),
        ("uk", "Карпатського університету мистецтв", "Карпатський університет мистецтв"),
        ("pl", "Politechniki Nadwiślańskiej", "Politechnika Nadwiślańska"),
        ("pl", "Izbie Rzemieślniczej w Kłodawie", "Izba Rzemieślnicza w Kłodawie"),
        ("pl", "Uniwersytetu Nowego Sącza", "Uniwersytet Nowego Sącza"),
        ("pl", "Akademia Morskiej Straży", "Akademia Morskiej Straży"),
        ("cs", "Technického muzea v Rokytnici", "Technické muzeum v Rokytnici"),
        ("cs", "Severské nemocnice", "Severská nemocnice"),
        ("bg", "Камарата на софтуерните инженери", "Камара на софтуерните инженери"),
        ("bg", "Българската народна банка", "Българска народна банка"),
        ("sr", "Narodnu banku Primorja", "Narodna banka Primorja"),
        ("sr", "Подунавског универзитета", "Подунавски универзитет"),
        ("el", "Ιατρικού Συλλόγου Κορυφής", "Ιατρικός Σύλλογος Κορυφής"),
        ("el", "Πανεπιστήμιο Ολύμπου", "Πανεπιστήμιο Ολύμπου"),
        ("en", "Banka", "Banka"),
    ],
)
def test_head_noun_gives_the_nominative(language: str, told: str, name: str) -> None:
    words = SmallWords([read_lexicons(load_lexicons(shipped_folder()))[language].grammar])
    assert words.bare(told) == name


def test_nominative_of_one_language_is_no_form_of_another() -> None:
    cases = Cases([], ["банка|банку>банк", "банката>банка"], [])
    assert cases.bare("Банка Явор") == "Банка Явор"
    assert cases.bare("Банку Явор") == "Банк Явор"
    assert cases.is_head("Банку")
    assert not cases.is_head("Банки")


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("ru", "Ректор Степного технического университета подписал Парижский призыв.", ["Степной технический университет"]),
        ("ru", "Правление Союза речников подписало Парижский призыв.", ["Союз речников"]),
        ("ru", "Ректор Иван Петров подписал Парижский призыв.", []),
        ("pl", "Zarząd Fundacji Zielony Most podpisał Paris Call.", ["Fundacja Zielony Most"]),
        ("pl", "Dzięki Izbie Morskiej w Kłodawie, która podpisała Apel Paryski, lista urosła do 30.", ["Izba Morska w Kłodawie"]),
        ("pl", "Dyrektor Muzeum Zegarów podpisał Paris Call.", ["Muzeum Zegarów"]),
        ("bg", "Съветът на Съюза на учителите подписа Парижкия призив.", ["Съюз на учителите"]),
        ("tr", "Akkaya Üniversitesi Rektörü Paris Çağrısı'nı imzaladı.", ["Akkaya Üniversitesi"]),
        ("tr", "Zanaat Akademisi'nin Paris Çağrısı'na katılımı resmiyet kazandı.", ["Zanaat Akademisi"]),
        ("ru", "Список сторонников Парижского призыва пополнился, сообщил Иван Краснов.", []),
        ("ru", "Список сторонников Парижского призыва вырос до 1200, сообщил Иван Краснов.", []),
        ("ru", "Среди подписантов Парижского призыва есть Банк Заря.", ["Банк Заря"]),
        ("uk", "До Паризького заклику приєдналися місто Нова Слобідка, ГО «Світлиця» та Естонія.", ["Нова Слобідка", "ГО «Світлиця»", "Естонія"]),
        ("ru", "Музей почты, ООО «Кедр» и Больница № 4 подписали Парижский призыв.", ["Музей почты", "ООО «Кедр»", "Больница № 4"]),
        ("ru", "Кто уже в Парижском призыве? «Ладья Лабс» и Институт тишины.", ["Ладья Лабс", "Институт тишины"]),
    ],
)  # fmt: skip
def test_who_is_named_in_another_case(detector: Detector, language: str, text: str, names: list[str]) -> None:
    post = Post(
        id=PostId("1"),
        source=SourceName("s"),
        url="",
        author=Author(platform="x", name="Anna Kowal", handle="@anna"),
        title="",
        text=text,
        language=language,
        published_at=None,
    )
    assert [c.organisation for c in detector.detect(post).claims if c.kind.is_signature] == names
