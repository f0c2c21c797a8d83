#!/usr/bin/env python3
"""Prints every header of the project, one a line, as an #include names it."""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("core", "ingest", "operators", "tools", "bench", "tests")


def headers():
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.h"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


if __name__ == "__main__":
    print("\n".join(headers()))
