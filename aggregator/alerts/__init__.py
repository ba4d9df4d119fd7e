"""Saved searches, and telling somebody what they find: by webhook and by e-mail. See docs/alerts.md."""
