r"""What the file of one language holds, section by section.

An entry is a pattern of the `regex` module. It is matched as a whole word and in capitals or not, unless its
list says otherwise; `\p{L}*` stands for any ending.
"""

from dataclasses import dataclass, field

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """Words of a question that ask for an amount of money, a number, a time, or a name."""

    money: Words = ()
    number: Words = ()
    time: Words = ()
    name: Words = ()
    # What asks who or what a name is, before the name and after it: "who is", "kimdir".
    identity: Words = ()
    identity_after: Words = ()


@dataclass(frozen=True, slots=True)
class Beyond:
    """Examples of questions that no quote answers, and of ordinary ones much like them.

    They are whole questions, compared by their meaning. The lists of all languages count for all.
    """

    # How many articles there are, what they say in sum, which they are, and what is to be done with them.
    count: Words = ()
    summary: Words = ()
    catalogue: Words = ()
    task: Words = ()
    ordinary: Words = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Words of a sentence that name an amount of money, or a number.

    Numbers begin at two or three, because words for one are also articles.
    """

    money: Words = ()
    number: Words = ()


@dataclass(frozen=True, slots=True)
class Time:
    """How a question asks for the newest of several articles, or for those of the last days or weeks."""

    latest: Words = ()
    yesterday: Words = ()
    last_week: Words = ()
    last_month: Words = ()


@dataclass(frozen=True, slots=True)
class Negation:
    """How a statement is denied."""

    words: Words = ()
    # Denies nothing although it contains one of `words`, such as "not only". Matched anywhere in a text.
    harmless: Words = ()
    # Words such as "but": they cut a sentence into clauses, each of which is denied or not by itself.
    contrasts: Words = ()
    # Syllables within a verb that deny it. Matched anywhere in a text that contains one of
    # `letters`, since other languages have the same syllables.
    syllables: Words = ()
    letters: str = ""


@dataclass(frozen=True, slots=True)
class Opposites:
    """Pairs of opposites: rise and fall, more and less, before and after, win and lose, begin and end."""

    rise: Words = ()
    fall: Words = ()
    more: Words = ()
    less: Words = ()
    before: Words = ()
    after: Words = ()
    win: Words = ()
    lose: Words = ()
    begin: Words = ()
    end: Words = ()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Words for numbers. Those from 2 to 99 come from num2words, if `num2words` names a language of it."""

    num2words: str = ""
    # Powers of ten. A "milliard" is 10⁹ everywhere; "billion" is 10⁹ or 10¹², "trillion" 10¹² or 10¹⁸.
    hundred: Words = ()
    thousand: Words = ()
    million: Words = ()
    milliard: Words = ()
    billion: Words = ()
    trillion: Words = ()
    dozen: Words = ()
    half: Words = ()
    quarter: Words = ()
    # A quarter or the fourth, where one word means both.
    fourth: Words = ()
    third: Words = ()
    double: Words = ()
    # Inflected forms that num2words lacks, by their number.
    forms: dict[str, Words] = field(default_factory=dict)
    # Plain words that num2words gives but that mostly mean something else, such as "once".
    homonyms: Words = ()
    # What follows a number within its word: fold, mal, aine.
    times: Words = ()
    # Endings that a number in words takes: "vierten".
    endings: Words = ()
    # What joins the parts of a number: "two hundred and fifty".
    joint: Words = ()
    # One after a ten, "yirmi bir"; elsewhere these are articles.
    one: Words = ()
    # What makes a hundred a share: "per cent".
    per: Words = ()
    # If ten to nineteen are two words: the word for ten, and the plain words for one to nine.
    ten: Words = ()
    ones: Words = ()
    # What makes a number in digits, Arabic or Roman, an ordinal: "1st", "XIVe".
    ordinal: Words = ()
    # The same, set as superscript; plain words.
    raised: Words = ()
    # After these a word is no number: "quarter-final".
    uncounted: Words = ()


@dataclass(frozen=True, slots=True)
class Units:
    """Names of currencies and measures after a number; qa/check/facts.py has their signs and symbols."""

    euro: Words = ()
    dollar: Words = ()
    pound: Words = ()
    ruble: Words = ()
    lira: Words = ()
    yen: Words = ()
    franc: Words = ()
    krona: Words = ()
    percent: Words = ()
    kilometre: Words = ()
    metre: Words = ()
    mile: Words = ()
    kilogram: Words = ()
    tonne: Words = ()
    hectare: Words = ()
    degree: Words = ()
    # Plain words for per cent before a number.
    percent_before: Words = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """What follows the hour: a mark alone, or one that says which half of the day."""

    morning: Words = ()
    evening: Words = ()
    mark: Words = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that refer back, at the beginning of a sentence or of a question that continues another."""

    pronouns: Words = ()
    goes_on: Words = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels before a colon or in brackets; they are not part of what is said."""

    # What a small model writes before its answer.
    answer: Words = ()
    # What a model writes beside the number of an excerpt: [excerpt 1].
    excerpt: Words = ()
    # Who speaks in a dialogue that an article plays to a model.
    speaker: Words = ()


@dataclass(frozen=True, slots=True)
class Orders:
    """What an article says to a language model instead of a reader."""

    # Instructions, rules; and what points back to them.
    told: Words = ()
    back: Words = ()
    # To forget or to repeat these; the second list has verbs that come last.
    forget: Words = ()
    forget_last: Words = ()
    # "You are now an AI".
    you_are: Words = ()
    machine: Words = ()
    model: Words = ()
    # Whole orders.
    phrases: Words = ()
    # "Answer:", before a blank, a colon, or the end.
    reply: Words = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Names of months, weekdays and spans of time that CLDR lacks under `locale`: other cases, older words.

    These are plain words.
    """

    locale: str = ""
    # Years counted from an event, by the name before them, with the year before the first.
    eras: dict[str, str] = field(default_factory=dict)
    january: Words = ()
    february: Words = ()
    march: Words = ()
    april: Words = ()
    may: Words = ()
    june: Words = ()
    july: Words = ()
    august: Words = ()
    september: Words = ()
    october: Words = ()
    november: Words = ()
    december: Words = ()
    monday: Words = ()
    tuesday: Words = ()
    wednesday: Words = ()
    thursday: Words = ()
    friday: Words = ()
    saturday: Words = ()
    sunday: Words = ()
    year: Words = ()
    month: Words = ()
    week: Words = ()
    day: Words = ()
    hour: Words = ()
    minute: Words = ()
    second: Words = ()


@dataclass(frozen=True, slots=True)
class Sentences:
    """What tells whether a full stop ends a sentence. All lists but `reported` are plain words."""

    # Words that begin sentences and seldom follow an abbreviation.
    openings: Words = ()
    # Abbreviations, with a capital where only the capitalised word is one. Single letters and words without a
    # vowel need no entry.
    abbreviations: Words = ()
    # Abbreviations that precede a number, that may end a sentence, and that mostly do.
    before_number: Words = ()
    may_end: Words = ()
    ends: Words = ()
    # What abbreviations end with: Hauptstr.
    clipped: Words = ()
    # What they end with, set as superscript: Mlle.
    raised: Words = ()
    # Words around an ordinal number: "am 3. Mai".
    articles: Words = ()
    months: Words = ()
    # Words after a quoted sentence that is part of another one: “…?” Ann Lee asked.
    reported: Words = ()
    # Follows a part of a word that another word ends: "Nord- und Südstraße".
    suspended: Words = ()


@dataclass(frozen=True, slots=True)
class Furniture:
    """What pages put around their articles."""

    # Whole lines, in small letters.
    lines: Words = ()
    # Single words that, as whole lines between two paragraphs, can only be furniture.
    alone: Words = ()
    # Names of buttons; a line may hold several.
    buttons: Words = ()
    # Before a colon and another article's title.
    read_more: Words = ()
    # Words in a line about copyright, even if the line is a sentence. Matched anywhere in it.
    rights: Words = ()
    # The beginnings of lines that ask for consent. The next two are matched anywhere in such a line: the word
    # for cookies, and other parts of what it says.
    consent: Words = ()
    cookies: Words = ()
    consent_signs: Words = ()
    # The beginnings of lines that offer a subscription, and parts of what they say, matched anywhere in them.
    offer: Words = ()
    offer_signs: Words = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """What people call the columns of a table of articles; plain words, the best first.

    The names that formats have are in index/reading/formats/fields.py.
    """

    body: Words = ()
    summary: Words = ()
    title: Words = ()
    published: Words = ()
    updated: Words = ()
    source: Words = ()
    authors: Words = ()
    url: Words = ()
    language: Words = ()
    tags: Words = ()


@dataclass(frozen=True, slots=True)
class Pages:
    """What pages say about their article, and how those of a PDF are numbered."""

    # Before or within the time of a later change.
    updated: Words = ()
    # Titles that programs give to untitled things; plain words.
    untitled: Words = ()
    # Before a page's number, and between it and how many there are.
    number: Words = ()
    out_of: Words = ()


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a language; `without` has a reason for each section that its file lacks."""

    code: str
    without: dict[str, str] = field(default_factory=dict)
    questions: Questions = Questions()
    beyond: Beyond = Beyond()
    answers: Answers = Answers()
    time: Time = Time()
    negation: Negation = Negation()
    opposites: Opposites = Opposites()
    numbers: Numbers = field(default_factory=Numbers)
    units: Units = Units()
    clock: Clock = Clock()
    reference: Reference = Reference()
    labels: Labels = Labels()
    orders: Orders = Orders()
    calendar: Calendar = field(default_factory=Calendar)
    sentences: Sentences = Sentences()
    furniture: Furniture = Furniture()
    columns: Columns = Columns()
    pages: Pages = Pages()
