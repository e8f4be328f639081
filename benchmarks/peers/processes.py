"""The processes of a run, all on loopback, each with its own folder; whatever was started is stopped at the end."""

import ctypes
import os
import signal
import socket
import subprocess
import time

TERMINATED_BY_SIGTERM = (-signal.SIGTERM, 128 + signal.SIGTERM)


class RunError(Exception):
    """A run that cannot go on; its message says what, where and how to mend it."""


class Process:
    """A server process in a session of its own. It is ended by its process id, and dies with this program."""

    def __init__(self, name, command, folder, env, ports, start_timeout):
        os.makedirs(folder)
        self.name = name
        self.stopped = False
        self.log = os.path.join(folder, "log")
        state = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
        try:
            with open(self.log, "wb") as log:
                self.process = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=without_otel_settings(os.environ) | state | env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=die_with_parent,
                )
        except OSError as e:
            raise RunError(f"{name}: cannot start {command[0]}: {e.strerror}") from e
        try:
            self._await_ports(ports, start_timeout)
        except BaseException:
            self.stop()
            raise

    def stop(self, grace=30):
        """Sends SIGTERM and waits; returns a fault when the process had to be killed or ended badly, else None.

        Stopping what is stopped does nothing.
        """
        if self.stopped:
            return None
        self.stopped = True
        if self.process.poll() is not None:
            return f"{self.name} ended by itself with status {self.process.returncode}; its log ends: {self.log_end()}"
        deadline = time.monotonic() + grace
        os.kill(self.process.pid, signal.SIGTERM)
        try:
            status = self.process.wait(grace)
            while self._has_members():
                if time.monotonic() > deadline:
                    raise subprocess.TimeoutExpired(self.name, grace)
                time.sleep(0.05)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return f"{self.name} did not end, with all it started, within {grace} s of SIGTERM"
        if status != 0 and status not in TERMINATED_BY_SIGTERM:
            return f"{self.name} ended with status {status} after SIGTERM; its log ends: {self.log_end()}"
        return None

    def log_end(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return " | ".join(line.strip() for line in log.readlines()[-3:])

    def _has_members(self):
        """Whether anything of the process group is left, such as the child of a launcher that did not exec."""
        try:
            os.killpg(self.process.pid, 0)
            return True
        except ProcessLookupError:
            return False

    def _await_ports(self, ports, timeout):
        deadline = time.monotonic() + timeout
        for port in ports:
            while not accepts(port):
                if self.process.poll() is not None:
                    raise RunError(f"{self.name} ended while starting; its log {self.log} ends: {self.log_end()}")
                if time.monotonic() > deadline:
                    raise RunError(f"{self.name} did not listen on port {port} within {timeout} s; see {self.log}")
                time.sleep(0.05)


def free_ports(count):
    """Ports of the loopback interface that are free now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in held]
    for server in held:
        server.close()
    return ports


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def without_otel_settings(env):
    """The environment less what would configure telemetry or proxies of the processes under test by accident."""
    return {
        name: value
        for name, value in env.items()
        if not name.startswith("OTEL_") and not name.lower().endswith("_proxy")
    }


def die_with_parent():
    """Asks Linux to send SIGTERM to the process when this program dies, however it dies; elsewhere does nothing."""
    try:
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    except (OSError, AttributeError):
        pass
