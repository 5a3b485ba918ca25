"""The house as a stranger has it: `manage.py serve` in a folder of its own, with web server and workers."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 420  # a first start with the demo, on a machine that is busy


class Served:
    """One running installation; stopped by its own process number."""

    def __init__(self, folder: Path, *, with_demo: bool) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder, self.url = folder, f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "DEMO": "1" if with_demo else "0",
            "DJANGO_SETTINGS_MODULE": "config.settings.embedded",
            "BASE_URL": self.url,
        }
        self.output = folder / "serve.out"

    def __enter__(self) -> "Served":
        with self.output.open("w") as output:
            command = [sys.executable, "manage.py", "serve"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=output, stderr=subprocess.STDOUT)
        until = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise RuntimeError("the house did not come up:\n" + self.output.read_text())
            time.sleep(0.3)
        return self

    def __exit__(self, *exception) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def _is_ready(self) -> bool:
        """It answers, and has said all that it says at a start: the cards come last but for how to stop."""
        if "Ctrl-C" not in self.output.read_text():
            return False
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=3)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def manage(self, *words: str) -> str:
        """Runs a command of the house; what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, code: str):
        """Evaluates an expression in the house's own process and database; its value."""
        return json.loads(self.manage("shell", "--no-imports", "-c", code).splitlines()[-1])
