"""What every language model is told first."""

# A sentence that repeats the question can be checked word by word. Small models that may answer in one word
# answer with a citation alone (bench.written).
RULES = (
    "Answer the question from the numbered excerpts of articles, in one complete sentence that repeats what "
    "is asked. Use only what the excerpts say. End the sentence with the number of its excerpt in square "
    "brackets."
)
