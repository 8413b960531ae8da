"""Questions as people type them: in capitals, without punctuation, with a greeting."""

import random
import unicodedata

_GREETINGS = {
    "ar": ("مرحبا، ", "السلام عليكم. "),
    "de": ("Hallo, ", "Guten Tag! ", "Weißt du, ", "Bitte sag mir: "),
    "en": ("Hi, ", "Hello! ", "Please tell me: ", "Do you know: "),
    "es": ("Hola, ", "Buenos días. ", "Por favor, dime: "),
    "fr": ("Bonjour, ", "Salut, ", "Dis-moi : "),
    "hi": ("नमस्ते, ", "कृपया बताइए: "),
    "it": ("Ciao, ", "Buongiorno. ", "Per favore dimmi: "),
    "ja": ("こんにちは。", "教えてください。"),
    "ko": ("안녕하세요. ", "알려 주세요. "),
    "nl": ("Hallo, ", "Goedendag. "),
    "pl": ("Cześć, ", "Dzień dobry. "),
    "pt": ("Olá, ", "Bom dia. "),
    "ru": ("Привет, ", "Здравствуйте! ", "Подскажите, "),
    "tr": ("Merhaba, ", "Selam, "),
    "uk": ("Привіт, ", "Добрий день! "),
    "zh": ("你好，", "请问，"),
}


def varied(question: str, language: str, chance: random.Random) -> str:
    """Return a question as somebody might type it."""
    ways = [question.upper(), question.lower(), _unmarked(question), _unmarked(question).lower()]
    ways += [greeting + question for greeting in _GREETINGS.get(language, ())]
    return chance.choice(ways)


def _unmarked(question: str) -> str:
    """Return a question without punctuation, except inside a word or a number."""
    kept = []
    for at, character in enumerate(question):
        inside = question[at - 1 : at + 2] if at else ""
        is_mark = unicodedata.category(character).startswith("P")
        if not is_mark or (len(inside) == 3 and inside[0].isalnum() and inside[2].isalnum()):
            kept.append(character)
    return " ".join("".join(kept).split())
