#!/usr/bin/env python3
"""Fetches the newest published price tables out of the packages that carry them.

    packages.py TABLES

Nothing is pinned: `pip download` decides what is newest. TABLES then holds litellm.json and genai-prices.json, the tables
as published, and facts.json: of each, the version and the day on which it was released. The day is asked of the index too,
by looking when the version becomes visible (`pip index versions --uploaded-prior-to`, pip 26 and newer; an older one is
replaced in a virtual environment of this command's own).
"""
import json
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import genai_table

PACKAGES = {"litellm": "litellm/model_prices_and_context_window_backup.json", "genai-prices": "genai_prices/data.py"}


def pip(python, *arguments):
    done = subprocess.run([python, "-m", "pip", "--disable-pip-version-check", *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"pip {' '.join(arguments[:2])}: {done.stderr.strip()[-500:]}")
    return done.stdout


def released(python, package, version, today):
    """The day on which a version was uploaded: the last at whose beginning the index did not have it."""
    def shown(day):
        return re.search(rf"\b{re.escape(version)}\b", pip(python, "index", "versions", package, "--uploaded-prior-to",
                                                            f"{day.isoformat()}T00:00:00Z").split("\n")[1])
    low, high = today - timedelta(days=1), today + timedelta(days=1)
    step = 8
    while shown(low):
        low, high, step = low - timedelta(days=step), low, step * 2
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return low


def fetch(directory, today):
    """Fills a directory with the newest tables; returns {table: {"version", "date"}}."""
    facts = {}
    with tempfile.TemporaryDirectory() as scratch:
        environment = Path(scratch, "venv")
        venv.create(environment, with_pip=True)
        python = str(environment / "bin/python")
        pip(python, "install", "--quiet", "--upgrade", "pip")
        for package, member in PACKAGES.items():
            wheels = Path(scratch, package)
            pip(python, "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels), package)
            wheel = next(wheels.iterdir())
            version = wheel.name.split("-")[1]
            with zipfile.ZipFile(wheel) as archive:
                text = archive.read(member).decode()
            if member.endswith(".py"):
                text = json.dumps(genai_table.read(text), default=number, indent=1) + "\n"
            Path(directory, package + ".json").write_text(text)
            facts[package] = {"version": version, "date": released(python, package, version, today).isoformat()}
    Path(directory, "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
    return facts


def number(value):
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value))


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    print(fetch(sys.argv[1], date.today()))
