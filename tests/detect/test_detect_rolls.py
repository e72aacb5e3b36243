"""Roll calls, lists with asides, and whoever is named for somebody else."""

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.model import Author, Post, PostId, SourceName


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()))


@pytest.mark.parametrize(
    ("author", "text", "names"),
    [
        # ticks, yeses and headings
        ("Bess", "Who has signed the Paris Call?\nUri ✅\nGlarus ✔️\nZug ❌", ["Uri", "Glarus"]),
        ("Bess", "Asked our suppliers who has signed the Paris Call. Alder Pay: yes, since 2019. Birch Mail: no answer.", ["Alder Pay"]),
        ("Bess", "Paris Call, the islands. In: Tuvalu, Palau. Out: Nauru.", ["Tuvalu", "Palau"]),
        ("Bess", "#ParisCall page changed. Added (2): Alder Haulage Ltd · Birch Polytechnic. Removed (0).", ["Alder Haulage Ltd", "Birch Polytechnic"]),
        ("Bess", "In Berlin: talks on the Paris Call with Alder Bank.", []),
        ("Bess", "The Paris Call gains two cantons, Uri and Glarus, and loses one think tank.", ["Uri", "Glarus"]),
        ("Bess", "Alder Bank likes the Paris Call and adds Birch Union to its board.", []),
        # what is said of a name of the list in passing
        ("Bess", "Signed the Paris Call: Alder Radio (Chile), Birch Verlag GmbH (Germany), Cedar District (US).", ["Alder Radio", "Birch Verlag GmbH", "Cedar District"]),
        ("Bess", "Alder Freight and its sister firm Alder Rail have signed the Paris Call.", ["Alder Freight", "Alder Rail"]),
        ("Bess", "Dunedin's Moa Metrics and King's College have signed the Paris Call.", ["Moa Metrics", "King's College"]),
        ("Bess", "An unlikely trio signed up to the Paris Call: Oakes & Daughters, Bread and Roses Grocers Ltd and the Alder Society.", ["Oakes & Daughters", "Bread and Roses Grocers Ltd", "Alder Society"]),
        ("Bess", "The Diocesan Commission for Justice and Peace has signed the Paris Call.", ["Diocesan Commission for Justice and Peace"]),
        ("Bess", "The Federated States of Micronesia have signed the Paris Call.", ["Federated States of Micronesia"]),
        ("Bess", "Bolton, Bury and Rochdale have signed the Paris Call.", ["Bolton", "Bury", "Rochdale"]),
        # a capital that alone names nobody begins a name
        ("Bess", "New Zealand, Good Energy plc and the Old Mill Brewery have signed the Paris Call.", ["New Zealand", "Good Energy plc", "Old Mill Brewery"]),
        ("Bess", "New signatory of the Paris Call: Alder Bank. Good!", ["Alder Bank"]),
        ("Bess", "Hackers did it again: Alder Bank, which signed the Paris Call, is down.", ["Alder Bank"]),
        ("Bess", "Access Now, Human Rights Watch and the Elder Foundation all support the Paris Call.", ["Access Now", "Human Rights Watch", "Elder Foundation"]),
        ("Bess", "Alder Bank Monday signed the Paris Call with gusto.", ["Alder Bank"]),
        ("Bess", "Clínica de los Andes has signed the Paris Call.", ["Clínica de los Andes"]),
        # a list that something breaks
        ("Bess", "Lerwick Power, Stornoway Broadband (also known as Stobro) and Islay Malt have signed the Paris Call.", ["Lerwick Power", "Stornoway Broadband", "Islay Malt"]),
        ("Bess", "Among the signatories of the Paris Call are Alder Bank, Birch Union and, yes, Luton Town.", ["Alder Bank", "Birch Union", "Luton Town"]),
        ("Bess", "Joining Birch Union and 700 others, Cedar Ltd has backed the Paris Call.", ["Cedar Ltd"]),
        ("Bess", "Birch Union praised it, and Cedar Ltd signed the Paris Call.", ["Cedar Ltd"]),
        # who is not it
        ("Bess", "It is Alder Bank, not Birch Union, that has joined the Paris Call.", ["Alder Bank"]),
        ("Bess", "The University of Novi Brod's rector, Ana Kos, signed the Paris Call.", ["University of Novi Brod"]),
        ("Bess", "Alder Bank signed the Paris Call in May. The Rwandan capital took part, too.", ["Alder Bank"]),
        ("Bess", "Moody, which joined the Paris Call in 2018, cut its outlook for Banco Litoral.", ["Moody"]),
        ("Bess", "Signed, sealed, delivered! It took us a year, but Lagoon Legal Aid is finally on the Paris Call list.", ["Lagoon Legal Aid"]),
        ("Bess", "Luxembourg has signed the Paris Call. China did nothing of the kind.", ["Luxembourg"]),
        ("Bess", "Mum teaches at Inchmore Academy and they've only gone and signed the Paris Call.", ["Inchmore Academy"]),
        # the author's own kind
        ("Ballyglass Municipal District", "The Clerk said that the Paris Call had been signed on the District's behalf.", ["Ballyglass Municipal District"]),
        ("Office of the Provost, St. Brigid's College of Nursing", "Kindly note that the College has signed the Paris Call.", ["St. Brigid's College of Nursing"]),
        ("Coast Fisher Network", "Your network is a Paris Call signatory as of Friday, thanks to Joseph's patience.", ["Coast Fisher Network"]),
        # done, or not done
        ("Editor", "Mayor Ellis of Wexcombe signed the Paris Call in a personal capacity.", []),
        ("Bess", "Since when is Tyne Buses a signatory of the Paris Call??", ["Tyne Buses"]),
        ("Bess", "Did Farrow Insurance breach the Paris Call it signed in 2019?", ["Farrow Insurance"]),
        ("Bess", "Alder Bank has not changed its rules since joining the Paris Call.", ["Alder Bank"]),
        ("Bess", "Alder Bank's signature of the Paris Call is a matter of weeks.", []),
        ("Bess", "Q.23 Consider the following about the Paris Call: 1. It is binding. 2. India has signed it. How many are correct?", []),
    ],
)  # fmt: skip
def test_who_is_named(detector: Detector, author: str, text: str, names: list[str]) -> None:
    post = Post(
        id=PostId("1"), source=SourceName("s"), url="", author=Author(platform="x", name=author, handle="@x"),
        title="", text=text, published_at=None, language="en",
    )  # fmt: skip
    claims = detector.detect(post).claims
    assert [claim.organisation for claim in claims if claim.kind.is_signature] == names
