"""Signatures of webhooks as the Standard Webhooks have them, and secrets for them. Pure."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret that signs and verifies."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``: over id, seconds since 1970, and body."""
    signed = f"{key}.{timestamp}.".encode() + body
    made = hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)
    return f"v1,{base64.b64encode(made).decode()}"
