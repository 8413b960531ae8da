"""What can go wrong for a user. Each message is one line and names the remedy."""


class ArticleQAError(Exception):
    """Base of every error that the user can fix; interfaces catch this one class."""


class SettingsError(ArticleQAError):
    """A setting is unknown or out of its bounds."""


class SourceError(ArticleQAError):
    """The folder or file given for indexing cannot be used."""


class IndexMissingError(ArticleQAError):
    """There is no index at the given place."""


class IndexMismatchError(ArticleQAError):
    """The index was made by another version or by another encoder."""


class IndexDamagedError(ArticleQAError):
    """The index cannot be read."""


class IndexUnreadableError(IndexDamagedError):
    """The catalog cannot be repaired, only rebuilt."""


class IndexBusyError(ArticleQAError):
    """Another process is writing to the index."""


class StorageError(ArticleQAError):
    """The disk is full or the place is not writable."""


class ConversationsError(ArticleQAError):
    """The file that holds conversations cannot be used."""


class OriginalGoneError(ArticleQAError):
    """The file that an article was read from is not there any more, or is not given away."""


class OriginalChangedError(ArticleQAError):
    """The file that an article was read from is not what was read."""


class WeightsError(ArticleQAError):
    """The model's weights are missing or damaged."""


class ModelError(ArticleQAError):
    """The language model is unavailable or failed."""


class QuestionError(ArticleQAError):
    """The question cannot be answered as asked: empty, too long, or limited to an unknown value."""


class LexiconError(ArticleQAError):
    """The file with a language's words is broken."""
