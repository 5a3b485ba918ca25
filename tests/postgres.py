"""Runs the tests on a PostgreSQL cluster of their own: a temporary folder, a Unix socket, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

MISSING = (
    "没有找到 PostgreSQL。请先运行：make system，或者用 POSTGRES_BIN 写明它的 bin 文件夹。\n"
    "PostgreSQL was not found. Run `make system` first, or name its bin folder in POSTGRES_BIN."
)
# Chinese order by ICU: whatever compares byte by byte has to say so itself.
INITDB = ["--username=house", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
ICU = ["--locale-provider=icu", "--icu-locale=zh-Hans"]
# A crash may lose this cluster, so nothing waits for the disk.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def binaries() -> Path:
    """The newest installed server's programs."""
    named = os.environ.get("POSTGRES_BIN")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if named:
        return Path(named)
    if not found and not on_path:
        sys.exit(MISSING)
    return found[-1].parent if found else Path(on_path or "").parent


@dataclass(frozen=True)
class Cluster:
    folder: Path
    settings: str

    @property
    def address(self) -> str:
        return f"postgres://house@{quote(str(self.folder), safe='')}/house"

    @property
    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' {self.settings}"
        data, log = self.folder / "data", self.folder / "log"
        _run(binaries() / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")

    def kill(self) -> None:
        """Every process of it, as when the power goes; nothing is left but what is on the disk."""
        first = self.pid
        os.kill(first, signal.SIGSTOP)  # so that it makes no more children
        children = subprocess.run(["pgrep", "-P", str(first)], capture_output=True, text=True).stdout.split()
        processes = [first, *map(int, children)]
        for pid in processes:
            os.kill(pid, signal.SIGKILL)
        while any(_is_alive(pid) for pid in processes):
            time.sleep(0.05)
        # Whoever inherits the dead may bury them late; until then their files would keep a new server from starting.
        for left in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            left.unlink()


@contextmanager
def cluster(settings: str = QUICK) -> Iterator[Cluster]:
    """A running cluster with an empty database; stopped and removed at the end."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="house-pg-", dir="/tmp"))  # a socket's path must be short
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    newer = ICU if int(_said(programs / "postgres", "--version").split()[2].split(".")[0]) >= 15 else []
    running = Cluster(folder, settings)
    try:
        _run(programs / "initdb", "-D", folder / "data", *INITDB, *newer, "--no-sync")
        running.start()
        try:
            _run(programs / "createdb", "-h", folder, "-U", "house", "house")
            yield running
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                _run(programs / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _run(*command: object) -> None:
    """As the system's `postgres` where this is root: the server refuses to run as root."""
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*before, *map(str, command)], cwd="/", capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}")


def _said(*command: object) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    with cluster() as running:
        environment = {**os.environ, "DATABASE_URL": running.address}
        tests = subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment)
    sys.exit(tests.returncode)
