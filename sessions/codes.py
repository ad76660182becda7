"""Codes people read aloud and type on a phone, and secrets they never see."""

import hashlib
import secrets

# Crockford's base 32: no I, L, O, U. What is read as one of those is typed as 1, 1, 0 and still found.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(length=LENGTH):
    """Return a random code; 6 characters are 30 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def normal(typed):
    """Return the code somebody meant: case, spaces, hyphens, 0/O and 1/I/L do not matter."""
    letters = "".join(c for c in typed.upper() if c.isalnum())
    return letters.translate(_FORGIVEN)


def new_slug():
    """Return what stands for a session in addresses: random, so that it cannot be guessed, and no secret."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstvwxyz") for _ in range(12))


def new_token():
    """Return a device's secret: 256 random bits as text. Only `hashed` of it is stored."""
    return secrets.token_urlsafe(32)


def hashed(token):
    """Return the SHA-256 of a token as 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
