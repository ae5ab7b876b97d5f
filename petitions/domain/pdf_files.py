"""Whether bytes are a PDF, whatever the file was called."""

#: A reader finds the table of a PDF from its end: a file that was cut off has none.
_TAIL = 1024


def is_whole(content: bytes) -> bool:
    """By what it begins and ends with."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-_TAIL:]
