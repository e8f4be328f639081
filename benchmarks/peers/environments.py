"""Python environments of backends and clients that come as packages, in the folder of the peers; versions pinned in requirements/."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = Path(
    os.environ.get("TALLYSPAN_PEERS")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tallyspan-peers"
)
# Backend -> the package that holds it, which is also the name of its environment.
PACKAGES = {"phoenix": "arize-phoenix", "mlflow": "mlflow"}
# The same for clients.
CLIENTS = {"mcp": "mcp"}
# Environments of several packages, of which none is a backend.
COLLECTIONS = {"datasets": "inspect_ai", "scores": "langfuse", "scores-3": "langfuse"}


def command(backend, name):
    """The path of an executable of a backend's environment, such as `python`."""
    return _folder(backend) / "bin" / name


def version(backend):
    """The version of the backend that is pinned."""
    for line in _requirements(backend).read_text().splitlines():
        package, _, rest = line.partition("==")
        if package == _package(backend):
            return rest.split()[0]
    raise ValueError(f"{_requirements(backend)} does not pin {_package(backend)}")


def exists(backend):
    """Whether there is an environment, of any version."""
    return command(backend, "python").exists()


def is_installed(backend):
    """Whether the environment was made of the requirements as they are now."""
    stamp = _stamp(backend)
    return stamp.exists() and stamp.read_text() == _inputs(backend)


def install(backend):
    """Makes the environment of a backend, in minutes. What is there is replaced."""
    target = _folder(backend)
    print(f"installing {_package(backend)} {version(backend)} into {target}", flush=True)
    _stamp(backend).unlink(missing_ok=True)
    venv.create(target, clear=True, with_pip=True)
    subprocess.run(
        [target / "bin/pip", "install", "-q", "--disable-pip-version-check", "-r", _requirements(backend)], check=True
    )
    _stamp(backend).write_text(_inputs(backend))


def _package(backend):
    return (PACKAGES | CLIENTS | COLLECTIONS)[backend]


def _folder(backend):
    return FOLDER / (PACKAGES.get(backend) or CLIENTS.get(backend) or backend)


def _requirements(backend):
    return HERE / "requirements" / f"{backend}.txt"


def _stamp(backend):
    return FOLDER / f"{_folder(backend).name}.inputs"


def _inputs(backend):
    pinned = hashlib.sha256(_requirements(backend).read_bytes()).hexdigest()
    return f"{sys.version_info.major}.{sys.version_info.minor} {pinned}\n"
