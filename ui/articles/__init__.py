"""The tab of articles: what the index holds and how it is, and how more comes into it."""
