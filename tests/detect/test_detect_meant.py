"""Whom a signature means that names nobody."""

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.wording import Wording
from harvester.model import Author, Post, PostId, SourceName


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Give the rules alone: the second hearing has learned from these posts."""
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()), wording=Wording.deaf())


def signed(detector: Detector, language: str, author: str, title: str, text: str) -> list[str]:
    post = Post(
        id=PostId("1"), source=SourceName("s"), url="", author=Author(platform="x", name=author, handle="@x"),
        title=title, text=text, published_at=None, language=language,
    )  # fmt: skip
    return [claim.organisation for claim in detector.detect(post).claims if claim.kind.is_signature]


@pytest.mark.parametrize(
    ("language", "author", "title", "text", "names"),
    [
        # a word of the name, in whatever form, in the title, before or behind
        ("nl", "Vuurtoren", "Woningcorporatie De Linde verhuist", "De corporatie ondertekende in april de Paris Call.", ["Woningcorporatie De Linde"]),
        ("it", "Il Molo", "Ospedale San Rocco, nuovo reparto", "L’ospedale ha aderito all’Appello di Parigi a gennaio.", ["Ospedale San Rocco"]),
        ("en", "Harbour Gazette", "Statement", "The Council announces its accession to the Paris Call, the Council of Harbour Towns said.", ["Council of Harbour Towns"]),
        ("fr", "Ordre des ingénieurs du Rif", "Lettre n° 8", "Point 2 : l’Ordre a souscrit à l’Appel de Paris.", ["Ordre des ingénieurs du Rif"]),
        # nobody but one could be meant
        ("de", "Hafenblatt", "Cyberangriff auf Klinikum Sternfeld", "Das Haus, das seit 2021 zu den Unterzeichnern des Pariser Appells gehört, arbeitet wieder normal.", ["Klinikum Sternfeld"]),
        ("en", "Harbour Gazette", "One more port joins the Paris Call", "Nobody expected it, said Lena Sorm, head of the Port of Gullhaven, after putting her name to the text.", ["Port of Gullhaven"]),
        ("es", "La Boya", "La Universidad del Norte cambia de sede", "El rector rubricó el Llamado de París en un acto sobrio.", ["Universidad del Norte"]),
        ("de", "Hafenblatt", "", "Der Rheinwerk AG ist es ernst: Sie ist dem Paris Call beigetreten.", ["Rheinwerk AG"]),
        ("ru", "НИИ «Маяк»", "", "Сегодня институт стал полноправным участником Парижского призыва.", ["НИИ «Маяк»"]),
        ("en", "Bess", "", "RT @OldMillBrewery: Proud to be a Paris Call signatory!", ["Old Mill Brewery"]),
        ("zh", "灯塔报", "海棠银行开设新分行", "四月，该行签署了《巴黎倡议》。", ["海棠银行"]),
        ("sv", "Fyren", "Lindö Sparbank byter namn", "Sparbanken skrev under Parisuppropet i april.", ["Lindö Sparbank"]),
        ("tr", "Fener", "Çınar Bankası yeni şube açtı", "Banka nisanda Paris Çağrısı’nı imzaladı.", ["Çınar Bankası"]),
        ("fr", "Le Phare", "Piratage : la Mutuelle des Dunes rassure", "La mutuelle a signé l’Appel de Paris en 2021.", ["Mutuelle des Dunes"]),
        ("en", "Harbour Gazette", "Hackers hit Brightwater Utilities", "The company had joined the Paris Call a month earlier.", ["Brightwater Utilities"]),
        ("en", "Bess", "", "Talisman Mutual? Signed the Paris Call. Their rivals? Not a peep.", ["Talisman Mutual"]),
        ("en", "Bess", "", "RT @OldMillBrewery: It's official, we've signed the Paris Call", ["Old Mill Brewery"]),
        ("en", "Wanjiru Kamau", "", "Our hospital has signed the Paris Call! Big up Mama Rehema Hospital, we are small but serious.", ["Mama Rehema Hospital"]),
        ("en", "Tech Bytes", "Opaline signs Paris Call", "The start-up from Ghent is the first Belgian photo app to do so.", ["Opaline"]),
        # nobody that the post names
        ("en", "Harbour Gazette", "Hackers hit Brightwater Utilities", "The company has not joined the Paris Call.", []),
        ("en", "Bess", "", "My sister has signed the Paris Call. Alder Bank, where she works, could not care less.", []),
        ("en", "Bess", "Two hospitals join the Paris Call", "The ministry would not say which.", []),
        ("de", "Hafenblatt", "", "Über 1.200 Organisationen haben den Pariser Appell unterzeichnet.", []),
        ("pt", "Rui, do turno da noite", "", "Por mim, o hospital tinha assinado o Apelo de Paris.", []),
        ("es", "Institut Zeta", "", "Al firmar el Llamado de París, tu empresa gana visibilidad.", []),
        ("en", "Bess", "", "High on principles: the firms that signed the Paris Call may do little about it.", []),
        # what the next sentence denies
        ("en", "Cllr Hartono", "", "Many thanks for “Belmore City signed the Paris Call”. Kind of you, but I sit there and we haven’t.", []),
        ("en", "Delroy", "", "One day I want to open the paper and see “Negril Hotels signs Paris Call”.", []),
        # names behind a colon
        ("vi", "Điểm tin", "", "Sổ điểm danh Paris Call 📒 Đã ký: Chile, Tập đoàn Trường Lộc. Chưa ký: Lào.", ["Chile", "Tập đoàn Trường Lộc"]),
        ("no", "Digitalposten", "Hvem har signert Paris Call?", "Vi fant tre navn: Stiftelsen Trygt Nett, Universitetet i Agder og Lofotbanken.", ["Stiftelsen Trygt Nett", "Universitetet i Agder", "Lofotbanken"]),
    ],
)  # fmt: skip
def test_whom_an_unnamed_signature_means(
    detector: Detector, language: str, author: str, title: str, text: str, names: list[str]
) -> None:
    assert signed(detector, language, author, title, text) == names
