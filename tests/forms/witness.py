"""Other programs as witnesses: poppler reads and draws what we print."""

import subprocess
from pathlib import Path


def text_of(pdf: bytes, *options: str) -> str:
    """The text of a PDF as poppler's pdftotext finds it."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(text: str) -> str:
    """Without white space, which pdftotext puts where it thinks best."""
    return "".join(text.split())


def drawn(pdf: bytes, folder: Path, dpi: int) -> Path:
    """The first page as a picture, by poppler."""
    name = folder / f"page-{dpi}"
    command = ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "-", str(name)]
    subprocess.run(command, input=pdf, capture_output=True, check=True)
    return name.with_suffix(".png")
