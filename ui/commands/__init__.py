"""The commands of `article-qa`, one module each."""
