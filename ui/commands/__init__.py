"""The commands of `article-qa`, one a module."""
