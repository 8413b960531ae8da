"""Why files are skipped or not taken, builds fail, and an index is not sound, in the reader's language.

The index holds reasons in English, as the terminal prints them. A pattern that another one is part of stands
behind that.
"""

from ui.remarks import translated
from ui.translation import label

_KNOWN = (
    # Why a file that a reader adds is not taken, or not stored.
    label("the file has no name: rename it and add it again"),
    label(
        "{ending}: not a kind of file that is read: add .txt, .html, .pdf, .docx or .eml "
        "files, or others that article-qa reads"
    ),
    label("larger than {n} MB: add a part of it"),
    label("it is longer than it was said to be: add it again"),
    label("it did not arrive whole: add it again"),
    label("{folder} is full: move files from it into other folders of your articles"),
    label("the disk of {folder} is nearly full: free some space there"),
    label("{folder} is not a folder for articles: move it away"),
    label("cannot write to {folder} ({detail}): make it writable"),
    label("not a kind of file that is read: give its name the ending of its kind"),
    # Why a file, or a part of one, is skipped.
    label("a symbolic link"),
    label("not a regular file"),
    label("no ending: not a kind of file that is read"),
    label("{ending}: not a kind of file that is read"),
    label("not a kind of file that is read"),
    label("its name is not valid UTF-8"),
    label("what belongs to the saved page {page}"),
    label("cannot be read now ({detail}); what the index holds of it stays"),
    label("its name leads out of the archive"),
    label("an archive in an archive"),
    label("a link or a device"),
    label("larger than {n} MB unpacked"),
    label("larger than {n} MB: {most} MB"),
    label("larger than {n} MB"),
    label("more than {n} files: what comes after them is left out"),
    label("more than {n} GB unpacked: left out from here"),
    label("not a zip archive, or damaged: {detail}"),
    label("not a tar.gz archive, or damaged: {detail}"),
    label("encrypted"),
    label("more than {n} parts"),
    label("not text: it holds zero bytes"),
    label("not text: no encoding fits its bytes"),
    label("not an e-book"),
    label("encrypted: an e-book under copy protection; save one without it"),
    label("what comes after {n} million characters is left out"),
    label("a feed of more than {n} MB"),
    label("a feed that declares entities of its own"),
    label("not a feed"),
    label("no text in it"),
    label("no article in it"),
    label("a page of more than {n} million characters"),
    label("a page of more than {n} tags"),
    label("JSON nested too deeply"),
    label("not JSON: {detail}"),
    label("no articles in it: neither a list nor an object"),
    label("not an article: no fields"),
    label("no field that holds a text: {fields}"),
    label("a text of more than {n} million characters"),
    label("a table of more than {n} columns"),
    label("no table of articles: its first line names no columns"),
    label("more than {n} articles: what comes after them is left out"),
    label("not a row: {detail}"),
    label("not a mail: it has no headers"),
    label("no page in it"),
    label("a mail without text"),
    label('not a mailbox: no mail in it begins with a line "From ..." and headers'),
    label("more than {n} mails: what comes after them is left out"),
    label("more than {n} scanned pages"),
    label("damaged: its pages cannot be drawn ({detail})"),
    label("page {n} cannot be drawn ({detail})"),
    label("recognising a page took longer than {n} seconds"),
    label("recognising a page failed: {detail}"),
    label("not an OpenDocument text"),
    label("not a PDF"),
    label("a PDF without text"),
    label(
        "only images of text: to have it recognised, install Tesseract (Debian's "
        "tesseract-ocr) and pip install 'article-qa[ocr]'"
    ),
    label("a PDF of glyphs without characters: its fonts do not say which letters they draw"),
    label("left out what is glyphs without characters: its fonts do not say which"),
    label("left out: only the first {n} pages are read"),
    label("encrypted: it opens with a password only"),
    label("not rich text"),
    label("more than {n} MB of text"),
    label("a page of more than {n} MB"),
    label("empty"),
    label("more than {n} pages: what comes after them is left out"),
    label("damaged: it is cut short"),
    label("more than {n} records or {most} GB: what comes after them is left out"),
    label("not a web archive, or damaged: {detail}"),
    label("reading it needs too much memory"),
    label("reading it failed: it is damaged or needs more than {n} GB of memory"),
    label("reading it took longer than {n} seconds"),
    label("not an article: {kind}"),
    label("not published: {status}"),
    label("not a Word document, or damaged: {detail}"),
    label("not an e-book, or damaged: {detail}"),
    label("not an OpenDocument text, or damaged: {detail}"),
    label("not a spreadsheet, or damaged: {detail}"),
    label("damaged: {detail}"),
    # Why a build has failed.
    label("there is no folder {folder}: give the folder that holds your articles"),
    label("{folder} is not a folder: give the folder that holds your articles"),
    label("the name of {folder} is not valid UTF-8: rename the folder"),
    label("no articles in {folder}: article-qa reads {kinds} files, and {n} files there are of other kinds"),
    label("no articles in {folder}: article-qa reads {kinds} files"),
    label("cannot read {folder} ({detail}): make it readable"),
    label("the build ended unexpectedly: the terminal that runs article-qa may say why; start it again"),
    label(
        "the index {index} holds the articles of {folder}: choose another one with --index "
        "DIR, or replace its articles with --rebuild"
    ),
    label("the index {index} holds the articles of {folder}: choose another one with --index DIR"),
    label("process {number}, since {time}, is writing to {index}: try again when it is done"),
    label("another process is writing to {index}: try again when it is done"),
    label("cannot write to {index} ({detail}): choose another place with --index"),
    # How an index is.
    label("no damage found in {n} s: article-qa check compares everything"),
    label("made by another version or encoder: the next article-qa index rebuilds it"),
    label("the catalog is damaged ({detail}): run article-qa index FOLDER --rebuild"),
    label("the full text is damaged ({detail}): run article-qa index FOLDER"),
    label(
        "articles are missing, or not those of the last build: run article-qa index FOLDER, "
        "which reads every file again"
    ),
    label("{paths} is damaged and not quoted: run article-qa index FOLDER"),
    label("{paths} are damaged and not quoted: run article-qa index FOLDER"),
    label(
        "1 vector segment is missing or damaged and compared exactly: the next article-qa index mends that"
    ),
    label(
        "{n} vector segments are missing or damaged and compared exactly: the next article-qa "
        "index mends that"
    ),
)


def reason(said: str) -> str:
    """Return a reason in the reader's language. What comes from a library or the system stays as it is."""
    return translated(said, _KNOWN)


def reasons(said: str) -> str:
    """Return several reasons, with `; ` between them, in the reader's language."""
    return "; ".join(map(reason, said.split("; ")))
