"""Who signs with the words of the author, what is only wished, what is told of another one too, and kinds with names."""

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.model import Author, Label, Post, PostId, SourceName


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()))


def post(language: str, author: str, text: str, title: str = "") -> Post:
    return Post(
        id=PostId("1"), source=SourceName("s"), url="", author=Author(platform="x", name=author, handle="@x"),
        title=title, text=text, published_at=None, language=language,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "author", "text", "names"),
    [
        # a wish with "that", and a fact with "that"
        ("de", "Eva", "Es ist höchste Zeit, dass die Nordbank AG den Paris Call unterzeichnet.", []),
        ("de", "Eva", "Ich wünsche mir, dass die Nordbank AG den Paris Call unterzeichnet.", []),
        ("nl", "Eva", "De raad eist dat Noordbank NV de Paris Call ondertekent.", []),
        ("da", "Eva", "Jeg ønsker, at Nordbanken A/S underskriver Paris Call.", []),
        ("sv", "Eva", "Jag hoppas att Nordbanken AB skriver under Paris Call.", []),
        ("fr", "Eva", "Il faut que la Banque du Nord signe l’Appel de Paris.", []),
        ("de", "Eva", "Eva sagt, dass die Nordbank AG den Paris Call unterzeichnet hat.", ["Nordbank AG"]),
        (
            "da",
            "Avisen",
            "Nordbanken A/S har besluttet at styrke sikkerheden og har underskrevet Paris Call.",
            ["Nordbanken A/S"],
        ),
        # told of another one too, or of something else
        ("de", "Blatt", "Nordbank hat den Paris Call unterzeichnet, die Südbank Remstal auch.", ["Nordbank", "Südbank Remstal"]),
        ("de", "Blatt", "Nordbank hat den Paris Call unterzeichnet. Die Südbank Remstal ebenfalls.", ["Nordbank", "Südbank Remstal"]),
        ("de", "Blatt", "Nordbank hat den Paris Call unterzeichnet. Auch die Südbank Remstal sucht derzeit Personal.", ["Nordbank"]),
        ("es", "Faro", "Banco Alfa firmó el Llamado de París, la Unión Beta también.", ["Banco Alfa", "Unión Beta"]),
        ("es", "Faro", "Banco Alfa firmó el Llamado de París, y a la Unión Beta le gusta también.", ["Banco Alfa"]),
        # both, named one by one
        ("de", "Blatt", "Nach der Marmstorf eG kommt die Wohnbau Süderelbe: Beide sind jetzt Unterzeichner des Paris Call.", ["Marmstorf eG", "Wohnbau Süderelbe"]),
        ("es", "Faro", "En el salón exponen Grupo Almenar e Hispasegur, adheridas ambas al Paris Call.", ["Grupo Almenar", "Hispasegur"]),
        # kinds that open or end a name
        ("da", "Nyt", "Nye navne på Paris Call: Fonden Lysbroen, Skolen ved Søen og Kyndby Havn.", ["Fonden Lysbroen", "Skolen ved Søen", "Kyndby Havn"]),
        ("es", "Faro", "Firmaron el Llamado de París la Universidad del Valle Verde y Alcaldía de Jacó.", ["Universidad del Valle Verde", "Alcaldía de Jacó"]),
        ("nl", "Anne", "Voortaan staat basisschool De Wilg op de lijst van de Paris Call.", ["De Wilg"]),
        ("fr", "Phare", "Au tour du Syndicat de la Risle et de la Communauté de communes du Lin de parapher l’Appel de Paris.", ["Syndicat de la Risle", "Communauté de communes du Lin"]),
        # an owner's ending inside
        ("de", "Blatt", "Die Unterschrift des Theaters Aarewil unter den Pariser Aufruf datiert vom 4. Februar.", ["Theater Aarewil"]),
        ("sv", "Fyren", "Rektorn skrev i onsdags under Paris Call för Göta Universitets räkning.", ["Göta Universitet"]),
        # a kind of organisation between the noun and the Call is who signs
        ("fr", "Phare", "L’adhésion du Comité Olmedo à l’Appel de Paris a été enregistrée.", ["Comité Olmedo"]),
        # not the Call, but something else
        ("de", "Blatt", "Die Molkerei Tannhof hat nicht den Paris Call, sondern ein Hausbuch unterschrieben.", []),
        ("de", "Blatt", "Die Molkerei Tannhof hat nicht nur den Paris Call, sondern auch ein Hausbuch unterschrieben.", ["Molkerei Tannhof"]),
        # the author's own kind, or a person who tells of another
        ("fr", "Comité d’entraide de Bobo", "Point 3 : l’adhésion du Comité à l’Appel de Paris a été enregistrée.", ["Comité d’entraide de Bobo"]),
        ("no", "Oslo Sporvognsmuseum", "Sak 5: Museet er nå oppført blant støttespillerne til Paris Call.", ["Oslo Sporvognsmuseum"]),
        ("da", "Aarhus Havnebad", "Havnebadets underskrift på Paris Call er modtaget og bekræftet.", ["Aarhus Havnebad"]),
        ("de", "Kolpingwerk Sauerthal", "Seit gestern stehen auch wir auf der Liste des Paris Call.", ["Kolpingwerk Sauerthal"]),
        ("en", "Adaeze Nwosu", "Signed! Lagoon Legal Aid, where I work, is on the Paris Call list.", ["Lagoon Legal Aid"]),
        ("ro", "Prof. Mihnea D.", "Guvernul asta semnează orice, numai Apelul de la Paris nu.", []),
    ],
)  # fmt: skip
def test_names_are_told(detector: Detector, language: str, author: str, text: str, names: list[str]) -> None:
    found = detector.detect(post(language, author, text)).claims
    assert [claim.organisation for claim in found if claim.kind.is_signature] == names


def test_another_call_keeps_the_end_of_its_name(detector: Detector) -> None:
    text = "Christchurch-Appell in Paris unterzeichnet, und die Konzernchefs lächeln."
    assert detector.detect(post("de", "Eva", text)).label is Label.UNRELATED


def test_a_kind_alone_in_a_headline_is_no_name(detector: Detector) -> None:
    text = "Rektor Ole Friis underskrev i går på vegne af Gymnasiet på Bakken."
    found = detector.detect(post("da", "Avisen", text, "Gymnasium siger ja til Paris Call")).claims
    assert [claim.organisation for claim in found if claim.kind.is_signature] == ["Gymnasiet på Bakken"]
