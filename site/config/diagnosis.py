"""What `manage.py doctor` looks at: each question answers in one sentence, with what to do where something is wrong."""

import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config import health, machine
from config.installation import is_begun, is_demo
from content.search.models import IndexChange
from learning.completion.models import Delta, NightlyCheck
from learning.completion.recount import wrong_days, wrong_help, wrong_tallies
from media.models import Asset
from members.audit.queries import broken_links
from members.handovers.queries import loose_things
from members.roles.models import ADMINISTRATORS, RoleGrant

SLOW = timedelta(minutes=10)
OF_HOURS = ("hours", "claims", "closings")  # nightly checks of the ledger; the others count people
State = Literal["good", "note", "bad"]


@dataclass(frozen=True)
class Finding:
    subject: str
    state: State
    sentence: str


def findings() -> Iterator[Finding]:
    """Every answer; a question that cannot be asked is itself bad news."""
    for subject, ask in QUESTIONS.items():
        try:
            state, sentence = ask()
        except Exception as error:  # whatever it is that broke, it is told and the others are asked
            state, sentence = "bad", f"查不了：{type(error).__name__} {error}"
        yield Finding(subject, state, sentence)


Answer = tuple[State, str]


def python() -> Answer:
    version = ".".join(map(str, sys.version_info[:3]))
    return ("good", version) if sys.version_info >= (3, 11) else ("bad", f"{version}，要 3.11 或更新的")


def disk() -> Answer:
    free = shutil.disk_usage(settings.VAR).free // machine.MEGABYTE
    return ("good" if free > 5 * machine.RUNNING_MEGABYTES else "bad"), f"还剩 {free} MB"


def database() -> Answer:
    health.database_answers()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "bad", "数据表不是最新的。请运行：manage.py migrate"
    if connection.vendor != "sqlite":
        return "good", connection.vendor
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    return ("good", "sqlite，WAL") if mode == "wal" else ("bad", f"sqlite，journal_mode 是 {mode}，应当是 wal")


def keys() -> Answer:
    """Whoever can read them can read telephone numbers and forge sessions."""
    folder = settings.VAR / "keys"
    loose = [file.name for file in folder.iterdir() if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if loose:
        return "bad", f"别人也能读：{'、'.join(sorted(loose))}。请运行：chmod 600 {folder}/*"
    return "good", "只有主人能读。请和数据库分开备份"


def static_files() -> Answer:
    is_there = (settings.STATIC_ROOT / "staticfiles.json").exists()
    return ("good", "齐了") if is_there else ("bad", "还没有。请运行：manage.py collectstatic")


def worker() -> Answer:
    return ("good", "在运行") if health.worker_answers() else ("bad", "一分钟没有回音。请看 var/log/quick.log")


def search() -> Answer:
    waiting = IndexChange.objects.filter(applied_to="", created_at__lt=timezone.now() - SLOW).count()
    if waiting:
        return "bad", f"有 {waiting} 处改动等了十分钟还没有进索引。请看 var/log/quick.log"
    is_there = settings.SEARCH_INDEX_DIR.is_dir() and any(settings.SEARCH_INDEX_DIR.iterdir())
    return ("good", "跟得上") if is_there else ("bad", "还没有索引。请运行：manage.py wagtail_update_index")


def media() -> Answer:
    waiting = Asset.objects.queued().filter(created_at__lt=timezone.now() - SLOW).count()
    if waiting:
        return "bad", f"有 {waiting} 个文件等了十分钟还没有检查。请看 var/log/slow.log"
    return "good", "都检查过了"


def figures() -> Answer:
    wrong = len(wrong_tallies()) + len(wrong_days()) + wrong_help()
    if wrong:
        return "bad", f"有 {wrong} 个数和明细对不上。请运行：manage.py rebuild_tallies"
    return "good", f"和明细一致，还有 {Delta.objects.count()} 处变动等着合并"


def nightly() -> Answer:
    """What the last night found; the question above looks anew."""
    last = NightlyCheck.objects.order_by("-day").first()
    if last is None:
        return "note", "还没有核对过，每天凌晨两点以后会核对一次"
    wrong = dict(NightlyCheck.objects.filter(day=last.day, wrong__gt=0).values_list("subject", "wrong"))
    if wrong:
        commands = {"check_hours" if subject in OF_HOURS else "rebuild_tallies" for subject in wrong}
        run = "，".join(f"manage.py {command}" for command in sorted(commands))
        return "bad", f"{last.day} 核对时有 {sum(wrong.values())} 个数和明细对不上。请运行：{run}"
    if last.checked_at < timezone.now() - timedelta(days=2):
        return "bad", f"上次核对是 {last.day}，后来没有再核对。请看 var/log/slow.log"
    return "good", f"{last.day} 核对过，都对得上"


def handovers() -> Answer:
    loose = len(loose_things(None, now=timezone.now()))
    if loose:
        return "note", f"有 {loose} 件没办完的事没有人负责。请组织员看：/branch/handovers/"
    return "good", "没办完的事都有人负责"


def audit() -> Answer:
    broken = broken_links()
    return ("bad", f"有 {len(broken)} 处对不上。请运行：manage.py verify_audit") if broken else ("good", "首尾相接")


def administrators() -> Answer:
    """Each of the three jobs is somebody's who can come in; a demonstration and an empty house need none yet."""
    held = RoleGrant.objects.live(timezone.now()).filter(user__is_active=True).values_list("role", flat=True)
    missing = [str(role.label) for role in ADMINISTRATORS if role not in set(held)]
    if not missing:
        return "good", "三员都有人担任"
    if not is_begun():
        return "note", "还没有开始使用，三员还没有设"
    return "bad", f"没有人担任：{'、'.join(missing)}。请由安全管理员授予，或者运行：manage.py appoint_administrator"


def ffmpeg() -> Answer:
    found = shutil.which("ffmpeg")
    return ("good", found) if found else ("note", "没有装，可以不装；要转换视频格式，请运行：make system")


def installation() -> Answer:
    if is_demo(timezone.now()):
        return "note", "装的是演示内容"
    return ("good", "已经开始使用") if is_begun() else ("note", "还没有开始。请运行：manage.py begin 名称")


QUESTIONS: dict[str, Callable[[], Answer]] = {
    "Python": python,
    "磁盘 disk": disk,
    "数据库 database": database,
    "密钥 keys": keys,
    "页面文件 static": static_files,
    "后台 worker": worker,
    "搜索 search": search,
    "视频和声音 media": media,
    "统计 figures": figures,
    "夜间核对 nightly": nightly,
    "交接 hand-over": handovers,
    "审计 audit": audit,
    "三员 administrators": administrators,
    "ffmpeg": ffmpeg,
    "安装 installation": installation,
}
