import pytest

from qa.check.polarity import clauses, is_negated, opposed


@pytest.mark.parametrize(
    "text",
    [
        "He did not come.",
        "They haven't paid.",
        "She refused to sign.",
        "Er kam nicht.",
        "Das Gericht lehnte die Klage ab.",
        "Il n'est pas venu.",
        "Sin licencia no se abre.",
        "Он не пришёл.",
        "Gelmedi ve ağlamadı.",
    ],
)
def test_denials(text: str) -> None:
    assert is_negated(text)


@pytest.mark.parametrize(
    "text",
    [
        "He came.",
        "Not only he came.",
        "No doubt he came.",
        "Er kam nicht nur, er blieb.",
        "Knotted ropes",
        "Notaries met.",
        "Il était là.",
        "Он пришёл.",
        "Çocuk geldi.",
        "No. 5 was sold.",
    ],
)
def test_no_denials(text: str) -> None:
    assert not is_negated(text)


@pytest.mark.parametrize(
    ("sentence", "evidence", "name"),
    [
        ("Prices rose.", "Die Preise sind gesunken.", "rise"),
        ("Les prix ont baissé.", "Prices climbed.", "rise"),
        ("It took more than an hour.", "Es dauerte weniger als eine Stunde.", "more"),
        ("It came before the war.", "It came after the war.", "before"),
        ("Berg won.", "Berg lost.", "win"),
        ("The mine opened.", "Шахта закрылась.", "begin"),
    ],
)
def test_opposites(sentence: str, evidence: str, name: str) -> None:
    assert opposed(sentence, evidence) == name


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Prices rose.", "Die Preise sind gestiegen."),
        ("Prices rose.", "Prices rose before they fell."),
        ("Prices rose.", "It was cold."),
    ],
)
def test_no_opposites(sentence: str, evidence: str) -> None:
    assert opposed(sentence, evidence) is None


def test_clauses_are_denied_each_for_itself() -> None:
    text = "He came, but she did not come; nobody else was there."
    found = [(text[clause.start : clause.end].strip(), clause.negated) for clause in clauses(text)]
    assert [negated for said, negated in found if said] == [False, True, True]
