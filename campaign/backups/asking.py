"""Secrets from whoever sits at the terminal, or line by line from a pipe."""

import sys
from getpass import getpass


def ask(prompt: str) -> str:
    """What was typed, unseen; without a terminal the next line of the input, "" at its end."""
    return (getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()
