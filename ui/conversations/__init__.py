"""Conversations that outlive the page: one SQLite file, what readers thought of answers, and export."""
