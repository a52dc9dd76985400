"""Our web server as a process of its own, which a benchmark starts, kills and stops."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 120
SECRET = "only for this measurement"


class Server:
    """Our web server as a process that can be killed and started again at the same port."""

    def __init__(self, folder: Path, url: str, processes: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = os.environ | {
            "SILIAN_VAR": str(folder),
            "SILIAN_PORT": str(self.port),
            "DATABASE_URL": url,
            "SILIAN_SECRET_KEY": SECRET,
            "SILIAN_LOG_LEVEL": "WARNING",
            "SILIAN_WEB_PROCESSES": str(processes),
        }
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "silian.config.cli", "serve"]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    async def ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            except OSError:
                await asyncio.sleep(0.1)
        raise SystemExit("the server does not start")

    def seconds(self) -> float:
        """Of processor that the server and its workers have used."""
        return seconds_of(self.process.pid)


def seconds_of(leader: int) -> float:
    """Of processor used by a process, its children and its session, as far as they run (Linux)."""
    ticks = 0
    for found in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = found.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if leader in (int(found.parent.name), int(fields[1]), int(fields[3])):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
