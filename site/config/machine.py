"""What the machine must offer before the house is set up. Standard library only: nothing is installed yet."""

import errno
import os
import shutil
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
INSTALLING_MEGABYTES = 1200
RUNNING_MEGABYTES = 200


class NotReadyError(Exception):
    """What is missing and what to do, as one sentence in Chinese and the same one in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")


def check_disk(folder: Path, megabytes: int) -> None:
    """Raises `NotReadyError` when less than this is free where the folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise NotReadyError(
            f"磁盘快满了：还剩 {free} MB，至少要有 {megabytes} MB。请清出一些空间，再运行一次。",
            f"The disk is nearly full: {free} MB are left, {megabytes} MB are needed. Make some room, then try again.",
        )
    if not os.access(folder, os.W_OK):
        raise NotReadyError(
            f"不能写入 {folder}。请换成这个文件夹的主人再运行一次，或者改一改它的权限。",
            f"{folder} cannot be written to. Run this as its owner, or change its permissions.",
        )


def check_address(host: str, port: str) -> None:
    """Raises `NotReadyError` when nobody can listen there."""
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise NotReadyError(
            f"PORT={port} 不是端口号。请写 1 到 65535 之间的数，例如：make run PORT=8001",
            f"PORT={port} is no port. Take a number from 1 to 65535, such as: make run PORT=8001",
        )
    error = _listening_error(host, int(port))
    if error == errno.EADDRINUSE:
        other = _free_port_after(host, int(port))
        raise NotReadyError(
            f"端口 {port} 已经有程序在用。请换一个：make run PORT={other}",
            f"Port {port} is in use. Choose another one: make run PORT={other}",
        )
    if error:
        raise NotReadyError(
            f"不能在 {host} 的 {port} 端口上提供服务（{os.strerror(error)}）。"
            "请换一个：make run HOST=127.0.0.1 PORT=8001",
            f"Nothing can listen on {host}, port {port} ({os.strerror(error)}). "
            "Choose another one: make run HOST=127.0.0.1 PORT=8001",
        )


def own_names(host: str) -> list[str]:
    """The names and addresses under which this machine is called when the house listens on `host`."""
    names = ["127.0.0.1", "localhost", "[::1]"]
    if host in ("0.0.0.0", "::"):  # noqa: S104
        names.append(socket.gethostname())
        try:
            found = socket.getaddrinfo(socket.gethostname(), None, proto=socket.IPPROTO_TCP)
        except socket.gaierror:
            found = []
        names += [str(address[4][0]) for address in found] + [_outward_address()]
    else:
        names.append(host)
    bracketed = [f"[{name}]" if ":" in name and not name.startswith("[") else name for name in names if name]
    return list(dict.fromkeys(bracketed))


def _outward_address() -> str:
    """The address of the network card that leads outside; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return probe.getsockname()[0]


def _listening_error(host: str, port: int) -> int:
    """The number of the system's error, 0 for none. Without SO_REUSEPORT, which would share the port in silence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except socket.gaierror:
            return errno.EADDRNOTAVAIL
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return 0


def _free_port_after(host: str, port: int) -> int:
    following = range(port + 1, min(port + 50, 65536))
    return next((other for other in following if not _listening_error(host, other)), 8000)


def main() -> None:
    """Asked by make before it installs anything."""
    var = Path(os.environ.get("VAR_DIR", ROOT / "var"))
    try:
        if "install" in sys.argv[1:]:
            check_disk(ROOT / ".venv", INSTALLING_MEGABYTES)
        check_disk(var, RUNNING_MEGABYTES)
        if "serve" in sys.argv[1:]:
            check_address(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))
    except NotReadyError as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
