import pytest

from qa.evidence.answer_type import AnswerType, answer_type_of, suits


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much did it cost?", AnswerType.MONEY),
        ("What does the new ferry cost?", AnswerType.MONEY),
        ("Was kostet der Versuch?", AnswerType.MONEY),
        ("Wie hoch war die Strafe?", AnswerType.MONEY),
        ("Combien le vol a-t-il coûté ?", AnswerType.MONEY),
        ("Сколько стоит билет?", AnswerType.MONEY),
        ("How much rain fell?", AnswerType.NUMBER),
        ("What did the cost lead to?", None),
        ("When was it paid, and how much did it cost?", AnswerType.TIME),
        ("What share of households owes money?", AnswerType.NUMBER),
        ("Wie viele Sitze hat er?", AnswerType.NUMBER),
        ("Combien de scènes ?", AnswerType.NUMBER),
        ("Сколько мальков выпустили?", AnswerType.NUMBER),
        ("Stadyum kaç seyirci alıyor?", AnswerType.NUMBER),
        ("When did he speak, and who with?", AnswerType.TIME),
        ("In which year was that?", AnswerType.TIME),
        ("Wann fährt er?", AnswerType.TIME),
        ("Ne zaman açıldı?", AnswerType.TIME),
        ("Who found it, and when?", AnswerType.NAME),
        ("Wo steht sie?", AnswerType.NAME),
        ("Кто выиграл?", AnswerType.NAME),
        ("Kim kazandı?", AnswerType.NAME),
        ("Why is the sky blue?", None),
        ("Howmuch whenever whoever", None),
        ("", None),
    ],
)
def test_question_words_tell_the_kind(question: str, kind: AnswerType | None) -> None:
    assert answer_type_of(question) == kind


@pytest.mark.parametrize(
    ("question", "sentence", "suited"),
    [
        ("How much did it cost?", "The work cost £8.6 million.", 1),
        ("How much did it cost in 2004?", "In 2004 it rose.", -1),
        ("How much did it cost?", "It took 40 weeks.", -1),
        ("Was kostet der Versuch?", "Er kostet 118.000 Euro.", 1),
        ("How much did it cost to get £2 more?", "For £2 nothing comes.", -1),
        ("Wie viele Folgen?", "Thirteen episodes were ordered.", 1),
        ("Wie viele Folgen?", "Many episodes were ordered.", -1),
        ("When did Austin speak?", "Austin sprach im Mai zuletzt.", 1),
        ("When did Austin speak?", "Austin maybe spoke in the market.", -1),
        ("Когда открыли?", "Открыли 7 сентября.", 1),
        ("Who found Berlin's lost cat?", "It was found by Anna Berg.", 1),
        ("Who found Berlin's lost cat?", "It was found in Berlin.", -1),
        ("Who found it?", "Nobody did.", -1),
        ("When did they meet?", "It was Ireland v France again.", -1),
        ("When did they meet?", "There they met Fred.", -1),
        ("Когда открыли?", "Открыли в марте.", 1),
        ("Combien cela a-t-il coûté ?", "L'auteur et 40 acteurs sont venus.", -1),
        ("Combien cela a-t-il coûté ?", "Il a payé 40EUR.", 1),
        ("Why?", "Because.", 0),
    ],
)
def test_a_sentence_suits_with_something_of_the_kind_that_is_new(
    question: str, sentence: str, suited: int
) -> None:
    assert suits(answer_type_of(question), question, sentence) == suited
