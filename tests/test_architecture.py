"""Rules about the code itself. Each exception stands here with its reason."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.middleware import _OWN_CHECKS
from accounts.permissions import CAPABILITIES
from customers.models import Customer
from innendienst.lib.guarded import GuardedQuerySet

ROOT = Path(settings.BASE_DIR)
LAYERS = {"base": 0, "accounts": 1, "customers": 2, "campaigns": 3, "nps": 3, "referrals": 4}
OUR_PACKAGES = ("innendienst", "accounts", "customers", "campaigns", "nps", "referrals")
OUR_CODE = [path for folder in OUR_PACKAGES for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts]
OUR_MODELS = [model for label in LAYERS for model in apps.get_app_config(label).get_models()]

# Views that anybody may open without signing in.
OPEN_VIEWS = {
    "health": "asked by machines that watch the installation",
    "calendar_feed": "asked by calendars, which know a secret address and cannot sign in",
    "answer": "customers answer by a link that is the key",
    "stop": "customers object by the same link",
    "objection": "customers object by the link in a mail of a campaign",
}

# Tables that lead to a customer and are read without a user.
UNGUARDED = {
    "BlockedReach": "keyed hashes that belong to a block, shown to nobody",
    "SearchToken": "words, read inside CustomerQuerySet.matching only, which is guarded itself",
    "Message": "what the senders work off, shown to the administration alone",
    "ResponseChange": "part of an answer, reached through it",
    "CaseTransition": "part of a case, reached through it",
    "MergeMove": "part of a merge, reached through it",
    "Touched": "ids for the recompute, shown to nobody",
    "ComplaintTransition": "part of a complaint, reached through it",
    "HandoverTransition": "part of a hand-over, reached through it",
    "OpportunityItem": "part of an opportunity, reached through it",
    "OpportunityTransition": "part of an opportunity, reached through it",
    "OpportunityAnswer": "part of an opportunity, reached through it",
    "Quote": "part of an opportunity, reached through it",
    "OrderMatch": "part of an opportunity, reached through it",
    "ReferenceTransition": "part of a reference, reached through it",
    "ReleaseScope": "part of a reference, reached through it",
    "PublishedText": "part of a reference, reached through it",
    "ReferralTransition": "part of a referral contact, reached through it",
    "ReferencePlanRow": "part of a plan, which is seen as a whole by those who may see its customers",
    "ReferencePlanCell": "part of such a row",
}

PLAIN_SQL = re.compile(r"\.cursor\(|\bRunSQL\b|\bRawSQL\b|\.raw\(|\.extra\(")
PLAIN_SQL_ALLOWED = {
    "innendienst/lib/bulk.py": "COPY and executemany behind one call",
    "innendienst/lib/kept.py": "writes of kept tables: only rows that differ",
    "innendienst/lib/databases.py": "what only one of the databases wants to be told",
}
MAIL_ALLOWED = {"customers/outbox.py": "the outbox is what sends"}

NOTES_OF_A_LETTER = {"lettered_on", "mailed_on"}

INLINE = re.compile(r"<style\b|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|\shx-on|[\"']js:|javascript:", re.IGNORECASE)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _views() -> Iterator[tuple[str, object]]:
    def walk(patterns, prefix: str) -> Iterator[tuple[str, object]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                yield route, pattern

    yield from walk(get_resolver().url_patterns, "")


@pytest.mark.rules
def test_foreign_keys_point_only_at_lower_layers():
    """A string like "nps.Response" escapes the import linter. The ground knows users as AUTH_USER_MODEL only."""
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in OUR_MODELS
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one) and field.concrete and field.related_model is not None
        if field.related_model._meta.label != settings.AUTH_USER_MODEL
        and field.related_model._meta.app_label != model._meta.app_label
        and LAYERS.get(field.related_model._meta.app_label, 99) >= LAYERS[model._meta.app_label]
    ]
    assert wrong == []


def test_every_view_carries_a_capability_or_is_open_on_purpose():
    """Views of packages have checks of their own, or the middleware refuses them to everybody."""
    for route, pattern in _views():
        view = pattern.callback
        is_open = not getattr(view, "login_required", True)
        if not view.__module__.startswith(OUR_PACKAGES):
            assert not is_open or view.__module__.startswith(_OWN_CHECKS), f"{route}: open to everybody"
        elif not view.__module__.startswith(_OWN_CHECKS):
            is_marked = pattern.name in OPEN_VIEWS if is_open else getattr(view, "capability", None) in CAPABILITIES
            assert is_marked, f"{route}: no capability"


@pytest.mark.rules
@pytest.mark.parametrize("label", LAYERS)
def test_every_column_that_can_hold_personal_data_says_whether_it_does(label):
    config = apps.get_app_config(label)
    kinds = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.FileField, models.BinaryField)
    columns = {
        f"{model.__name__}.{field.name}" for model in config.get_models() for field in model._meta.local_fields if isinstance(field, kinds)
    }
    if not columns:
        return
    listed = importlib.import_module(f"{config.name}.personal_data")
    assert columns == set(listed.PERSONAL) | listed.IMPERSONAL
    assert not set(listed.PERSONAL) & listed.IMPERSONAL


def _leads_to_customer(model: type[models.Model], seen: frozenset = frozenset()) -> bool:
    targets = {field.related_model for field in model._meta.local_fields if field.is_relation and field.related_model}
    return Customer in targets or any(
        _leads_to_customer(target, seen | {model}) for target in targets - seen - {model} if target._meta.app_label in LAYERS
    )


@pytest.mark.rules
def test_every_table_that_leads_to_a_customer_is_guarded():
    unguarded = {
        model.__name__
        for model in OUR_MODELS
        if model is Customer or _leads_to_customer(model)
        if not isinstance(model._default_manager.get_queryset(), GuardedQuerySet)
    }
    assert unguarded == set(UNGUARDED)


@pytest.mark.rules
def test_plain_sql_stands_in_sql_modules_only():
    wrong = [
        _name(path)
        for path in OUR_CODE
        if path.name != "sql.py" and _name(path) not in PLAIN_SQL_ALLOWED and PLAIN_SQL.search(path.read_text())
    ]
    assert wrong == []


@pytest.mark.rules
def test_migrations_need_no_plain_sql():
    assert [_name(path) for path in ROOT.glob("*/**/migrations/*.py") if ".venv" not in path.parts and "RunSQL" in path.read_text()] == []


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def _nodes(tree: ast.AST) -> list[ast.AST]:
    """All of it: walking a tree anew for each question takes longer than parsing it did."""
    return list(ast.walk(tree))


@cache
def _imports(tree: ast.AST) -> list[str]:
    return list(_imported(tree))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.rules
def test_pages_do_not_carry_numpy():
    """It takes longer to load than the product; only what learns from lines may ask for it, and no page or job asks for that."""
    heavy = {
        _name(path)
        for path in OUR_CODE
        if any(name.partition(".")[0] in {"numpy", "scipy"} or "learned" in name for name in _imports(_tree(path)))
    }
    assert {name for name in heavy if not name.startswith("campaigns/learned/")} == {
        "campaigns/exports.py",
        "campaigns/learned_evidence.py",
        "campaigns/learning.py",
    }
    for heavy_module, command in (("campaigns.exports", "export_suggestions"), ("campaigns.learning", "learn_needs")):
        asking = {_name(path) for path in OUR_CODE if heavy_module in set(_imports(_tree(path)))}
        assert asking == {f"campaigns/management/commands/{command}.py"}


@pytest.mark.rules
def test_the_operations_of_the_api_load_with_its_first_question():
    """ninja and pydantic take a fifth of the time in which a command starts; addresses lead to the operations by name."""
    heavy = {_name(path) for path in OUR_CODE if any(name.partition(".")[0] in {"ninja", "pydantic"} for name in _imports(_tree(path)))}
    assert heavy == {f"innendienst/api/{name}.py" for name in ("nps", "schemas", "v1")}
    modules = {name.removesuffix(".py").replace("/", ".") for name in heavy}
    assert {_name(path) for path in OUR_CODE if modules & set(_imports(_tree(path)))} <= heavy


@pytest.mark.rules
def test_only_the_outbox_sends_mail():
    wrong = [
        _name(path)
        for path in OUR_CODE
        if _name(path) not in MAIL_ALLOWED and any(name.startswith("django.core.mail") for name in _imports(_tree(path)))
    ]
    assert wrong == []


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of a function, or of a class and what its managers make rows with."""
    for node in _nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = ast.unparse(node.func)
            if called in {name, f"{name}.objects.create", f"{name}.objects.bulk_create", f"{name}.objects.get_or_create"}:
                yield node


@pytest.mark.rules
def test_contacts_are_put_on_record_through_the_gate_alone():
    """Whoever wrote an Activity of his own would log, and make, contacts that nobody was asked about."""
    trees = {_name(path): _tree(path) for path in OUR_CODE if not _name(path).startswith("innendienst/demo/")}
    makers = ["customers/calls.py", "customers/letters.py", "customers/mailings.py"]
    assert [name for name, tree in trees.items() if any(_calls(tree, "Activity"))] == makers
    recorded = [call for tree in trees.values() for name in ("record_call", "record_letter") for call in _calls(tree, name)]
    asked = ["gate_answer" in {keyword.arg for keyword in call.keywords} for call in recorded]
    assert asked
    assert all(asked)
    readers = {name for name, tree in trees.items() if "customers.gate_rules.decide" in set(_imports(tree))}
    assert readers == {"customers/gate.py"}


@pytest.mark.rules
def test_whoever_notes_that_a_member_of_a_campaign_was_written_to_puts_the_contact_on_record():
    """`record_mailing` takes nobody without the gate's answer; a note beside it would be a letter or mail that counts nowhere."""
    functions = {
        f"{_name(path)}:{function.name}": function
        for path in OUR_CODE
        if any(column in path.read_text() for column in NOTES_OF_A_LETTER)
        for function in _nodes(_tree(path))
        if isinstance(function, ast.FunctionDef) and _notes_a_letter(function)
    }
    assert [name for name, function in functions.items() if not any(_calls(function, "record_mailing"))] == []
    assert set(functions) == {
        "campaigns/special/letters.py:_record",
        "campaigns/special/mail_list.py:_record",
        "campaigns/special/mailing.py:ended",
    }


def _notes_a_letter(function: ast.FunctionDef) -> bool:
    """Whether it writes one of the columns: in an update or a new row, by an attribute, or by its name in a list of columns."""
    columns = NOTES_OF_A_LETTER
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = ast.unparse(node.func).rpartition(".")[2]
            writes = called in {"update", "create", "get_or_create", "update_or_create", "CampaignMember"}
            if writes and columns & {keyword.arg for keyword in node.keywords}:
                return True
            if called == "bulk_update" and any(isinstance(one, ast.Constant) and one.value in columns for one in ast.walk(node)):
                return True
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in columns:
            return True
    return False


@pytest.mark.rules
def test_no_import_hides_inside_a_function():
    wrong = [
        f"{_name(path)}:{node.lineno}"
        for path in OUR_CODE
        if path.name != "apps.py"  # Celery and the handlers load when the apps are ready
        if any(isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset for node in _nodes(_tree(path)))
        for function in _nodes(_tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


@pytest.mark.rules
def test_rules_are_imported_without_django():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rules = next(contract["source_modules"] for contract in contracts if contract["name"].startswith("Rules lean on"))
    program = (
        "import importlib, sys\n"
        "sys.modules['django'] = sys.modules['celery'] = None\n"
        f"for name in {rules!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.rules
def test_templates_hold_no_style_script_or_handler():
    """The content security policy would refuse them; behaviour hangs on data- attributes."""
    wrong = [
        f"{_name(path)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if INLINE.search(line)
    ]
    assert wrong == []


@pytest.mark.rules
def test_text_is_marked_safe_only_with_a_reason():
    """Text from people is escaped. HTML in Python strings is built by format_html; each exception says why on its line."""
    marks = re.compile(r"\bmark_safe\(|\|\s*safe\b|\{%\s*autoescape off")
    wrong = [
        f"{_name(path)}:{number}"
        for path in [*OUR_CODE, *(ROOT / "templates").rglob("*.html")]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if marks.search(line) and not re.search(r"# noqa: S308 \S+", line)
    ]
    assert wrong == []


@pytest.mark.rules
def test_ids_are_printed_without_grouping():
    """`{{ customer.pk }}` prints 1.234 for customer 1234: numbers in templates are grouped, ids must not be."""
    wrong = [
        f"{_name(path)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\{\{\s*[\w.]*\b(pk|id|(?!auto_id|form_id)\w+_id)\s*(\|default[^}]*)?\}\}", line)
    ]
    assert wrong == []


def _own_commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if app in {*LAYERS, "innendienst", "innendienst.base"})


@pytest.mark.rules
@pytest.mark.parametrize("name", _own_commands())
def test_every_command_says_what_it_does_and_is_documented(name):
    command = load_command_class(get_commands()[name], name)
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert command.help
    assert any(re.search(rf"\b{name}\b", page.read_text()) for page in pages), f"no page names {name}"
