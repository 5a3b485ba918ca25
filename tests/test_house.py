"""The rules of the house that no reviewer has to remember. What they are for stands in site/docs/decisions/."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from importlib.metadata import distributions

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, get_resolver

from members.accounts.log_words import ACTIONS
from members.checkins.spell_steps import Step
from tests.house import ROOMS, ROOT, TEMPLATES, chains, imports, modules, templates, tree

LONGEST_FILE, LONGEST_FUNCTION = 300, 50
TABLES = {"config.demo.names"}  # a list of names is long and easily read
NAMES_OF_NOTHING = re.compile(r"\b(utils?|commons?|cores?|helpers?|misc|tools?)\b")
PERSONAL = {
    "Activity",
    "Affiliation",
    "CheckIn",
    "Attendance",
    "Answer",
    "Attempt",
    "AudienceLine",
    "Completion",
    "Confirmation",
    "Consent",
    "DataRequest",
    "Draft",
    "Enrolment",
    "Feedback",
    "Handover",
    "HandoverLine",
    "GroupMark",
    "HoursClaim",
    "HelpNote",
    "HoursEntry",
    "HoursTarget",
    "ImportBatch",
    "IncomingList",
    "Member",
    "Message",
    "MobileSpell",
    "Mute",
    "OwnSession",
    "Participation",
    "PastMark",
    "Post",
    "Progress",
    "Reply",
    "RoleGrant",
    "Transfer",
    "UnitChange",
    "YearFigure",
    "YearRecord",
    "User",
}
# «given_by»: whose record this person's side has made.
# «asked_of» and «hosted_by»: to whose unit somebody from elsewhere has reported in; «kept_by» and «in_touch_with»: with
# whom somebody keeps in touch for the branch.
# «judged_by»: what waits for this person's decision.
DOORS = {"visible_to", "led_by", "hosted_by", "asked_of", "given_by", "kept_by", "in_touch_with", "judged_by"}
PRIVACY = re.compile(r"export|erase|anonymise|keep: .+, .+")
RECEIVERS = {
    ("learning.receivers", "affiliation_changed"),
    ("learning.receivers", "attendance_reversed"),
    ("learning.receivers", "attendance_settled"),
    ("learning.receivers", "organisation_merged"),
    ("learning.receivers", "organisation_moved"),
    ("learning.receivers", "standing_changed"),
    ("learning.receivers", "page_published"),
    ("learning.receivers", "page_unpublished"),
    ("config.celery", "worker_ready"),
}


def own_models() -> list[type[models.Model]]:
    for name in modules():
        if name.split(".")[0] in ROOMS:
            import_module(name)
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


# --- the layers ---------------------------------------------------------------
def test_the_layers_hold_without_an_exception():
    from importlinter.cli import lint_imports

    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_no_room_reaches_into_the_doors_of_another():
    """A room asks another one's actions, queries and models; in a room with corners, of the corner."""
    found = []
    for name, path in modules().items():
        room = name.split(".")[0]
        for imported in imports(path):
            other, *rest = imported.split(".")
            is_door = {"views", "forms", "tasks", "urls"} & set(rest) or (rest[:1] == ["models"] and other != "media")
            if other in ROOMS and other != room and is_door:
                found.append(f"{name} imports {imported}")
    assert not found


def test_only_tasks_and_the_house_know_celery():
    celery = re.compile(r"(celery|kombu)\b")
    knowing = [name for name, path in modules().items() if any(map(celery.match, imports(path)))]
    assert not [name for name in knowing if name != "config.celery" and not name.endswith(".tasks")]


def test_an_action_never_wakes_a_task():
    acting = [path for name, path in modules().items() if name.endswith(".actions")]
    assert not [said for path in acting for said in imports(path) if ".tasks" in said]


def test_what_calls_itself_pure_knows_nothing_of_django():
    pure = [
        name
        for name, path in modules().items()
        if re.search(r"\bPure\b|nothing of Django", ast.get_docstring(tree(path)) or "")
    ]
    code = f"import sys\nfor name in {pure!r}: __import__(name)\nsys.exit('django' in sys.modules)"
    environment = {"PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"}
    assert len(pure) > 5
    assert subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT).returncode == 0


def test_signals_carry_news_upward_and_nothing_else():
    found = set()
    for name, path in modules().items():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "receiver":
                found.add((name, ast.unparse(node.args[0])))
            if isinstance(node, ast.Attribute) and node.attr == "connect" and "signal" in ast.unparse(node):
                found.add((name, ast.unparse(node.value).rpartition(".")[2]))
    assert found == RECEIVERS


# --- models and migrations ------------------------------------------------------
def test_every_model_is_handed_over_by_its_room():
    for model in own_models():
        room = import_module(f"{model._meta.app_label}.models")
        assert getattr(room, model.__name__, None) is model, f"{model} is missing in {room.__name__}"
        assert model.__module__ == room.__name__ or model.__name__ in room.__all__


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", *ROOMS, check=True, dry_run=True, verbosity=1)


def test_every_migration_is_named_for_its_thought():
    names = [name for name in modules(with_migrations=True) if ".migrations.0" in name]
    assert names
    assert not [name for name in names if re.search(r"_auto_|_initial$|_more$|\d{4}_(alter|add|remove)_", name)]


def test_whatever_leads_to_a_person_says_what_becomes_of_it():
    silent = [model._meta.label for model in own_models() if leads_to_a_person(model) and not says_its_privacy(model)]
    assert not silent


def leads_to_a_person(model: type[models.Model]) -> bool:
    """A direct link to a member or an account, or a row that cannot exist without one that has such a link."""
    if model.__name__ in ("User", "Member"):
        return True
    links = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
    return any(
        link.related_model.__name__ in ("User", "Member")
        or (not link.null and link.related_model._meta.app_label in ROOMS and is_about_a_person(link.related_model))
        for link in links
    )


def is_about_a_person(model: type[models.Model]) -> bool:
    links = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey) and not field.null]
    return any(
        link.related_model.__name__ in ("User", "Member")
        or (link.related_model._meta.app_label in ROOMS and is_about_a_person(link.related_model))
        for link in links
    )


def says_its_privacy(model: type[models.Model]) -> bool:
    return PRIVACY.fullmatch(vars(model).get("privacy", "")) is not None


# --- the shape of the code --------------------------------------------------------
def test_site_is_a_folder_on_the_path_and_never_a_package():
    assert not list((ROOT / "site").glob("*.py"))
    assert not [name for name, path in modules().items() if "site" in {said.split(".")[0] for said in imports(path)}]
    ignored = (ROOT / ".gitignore").read_text().split()
    assert not {"site", "/site", "site/", "/site/", "media", "/media", "media/", "/media/"} & set(ignored)


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_no_file_and_no_function_is_too_long_to_be_read():
    found = []
    for name, path in modules().items():
        lines = len(path.read_text().splitlines())
        if lines > LONGEST_FILE and name not in TABLES:
            found.append(f"{name}: {lines} lines")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{name}.{node.name}: {length} lines")
    assert not found


def test_a_module_is_named_after_its_subject():
    paths = [*modules().values(), *(ROOT / "tests").rglob("*.py")]
    named = [str(path.relative_to(ROOT).with_suffix("")) for path in paths]
    assert not [name for name in named if NAMES_OF_NOTHING.search(name.replace("_", " "))]


def test_a_public_action_or_query_promises_something():
    silent = []
    for name, path in modules().items():
        if name.rpartition(".")[2] in ("actions", "queries"):
            functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]
            silent += [f"{name}.{f.name}" for f in functions if not f.name.startswith("_") and not ast.get_docstring(f)]
    assert not silent


def test_everything_that_the_audit_log_notes_has_its_words():
    noting = ("record_event", "_note", "_tell", "note_seen")
    said = set()
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in noting and node.args:
                said |= {each.value for each in node.args[:1] if isinstance(each, ast.Constant)}
    assert len(said) > 40
    assert not {deed for deed in said if "." in str(deed)} - set(ACTIONS)
    assert {f"spell.{step}" for step in Step if step != Step.CONTACT} <= set(ACTIONS)


# --- permission is a queryset -------------------------------------------------------
def test_views_reach_people_only_through_visible_to_or_led_by():
    found = []
    for name, path in modules().items():
        if "views" not in name.split("."):
            continue
        for line, first, words in chains(path):
            is_manager = words[0] in ("objects", "_default_manager", "_base_manager")
            if first in PERSONAL and is_manager and not DOORS & set(words):
                found.append(f"{name}:{line} {first}.{'.'.join(words)}")
        shortcuts = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and node.args]
        for node in shortcuts:  # get_object_or_404(Member, …)
            if getattr(node.args[0], "id", "") in PERSONAL:
                found.append(f"{name}:{node.lineno} {ast.unparse(node)}")
    assert not found


def test_every_personal_model_has_such_a_word():
    known = {model.__name__: model for model in own_models()}
    # Reached by other words only.
    without_door = {"CheckIn", "HandoverLine", "ImportBatch", "Mute", "Reply", "RoleGrant", "User"}
    for name in PERSONAL - without_door:
        words = dir(known[name].objects.all())
        assert {"led_by", "visible_to"} & set(words), name


# --- one word, four homes -------------------------------------------------------------
def own_patterns(resolver=None) -> list[URLPattern]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLPattern):
            found += own_patterns(pattern)
        elif getattr(pattern.callback, "__module__", "").split(".")[0] in ROOMS:
            found.append(pattern)
    return found


def test_an_address_is_named_after_its_view():
    found = own_patterns()
    assert found
    for pattern in found:
        word = pattern.callback.__name__
        if hasattr(pattern.callback, "view_class") or not pattern.name:  # allauth's, and closed side doors
            continue
        assert pattern.name == word or pattern.name.startswith(f"{word}_"), f"{pattern.name} is answered by {word}"


def test_every_template_that_is_named_exists_and_every_one_is_named():
    sources = [path.read_text() for path in modules().values()] + [text for _, text in templates()]
    said = {name for source in sources for name in re.findall(r"[\"']([\w/]+\.html)[\"']", source)}
    ours = {name for name, _ in templates() if name.endswith(".html")}
    overriding = {"account", "allauth", "mfa", "wagtailadmin", "wagtailmedia", "wagtailusers"}
    assert not {name for name in ours - said if name.split("/")[0] not in overriding}
    missing = {name for name in said - ours if name.split("/")[0] in (*ROOMS, "parts", "errors")}
    assert not missing, f"named, but not in {TEMPLATES.name}: {missing}"


# --- what is installed ------------------------------------------------------------------
def test_one_whoosh_is_installed_and_none_of_its_forks():
    names = {(distribution.metadata["Name"] or "").lower() for distribution in distributions()}
    assert {name for name in names if "whoosh" in name} == {"whoosh"}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_address(name):
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==[\w.]+ \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)
