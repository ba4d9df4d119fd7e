"""A bundled sample portal, served on loopback."""
