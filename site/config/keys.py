import os
import secrets
from contextlib import suppress
from pathlib import Path


def read_or_make_secret(path: Path) -> str:
    """The secret kept in `path`, made once with mode 600; processes that start together agree on one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, path)  # atomic: whoever is second keeps the first one's secret
        draft.unlink()
    return path.read_text()
