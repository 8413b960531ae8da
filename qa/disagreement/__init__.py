"""Where two articles answer the same question with different numbers, dates or names.

Both are shown, and neither is taken for the right one. Most differences are no disagreement: another year,
another thing counted, a rounded number. So whatever is not surely about the same is left out.
"""
