"""The database itself refuses to change or delete a line of the ledger.

What an erasure blanks may be blanked, and an account that goes leaves its place empty; nothing else. On SQLite a table
that is made anew loses its triggers: whoever changes this one later guards it again.
"""

from django.db import migrations

KEPT = ("id", "member_id", "source", "category", "hours", "earned_on", "year", "item_id", "source_key")
KEPT += ("reverses_id", "recorded_at")
BLANKED = {"reason": "''", "evidence": "'{}'"}
LEFT = ("recorded_by_id", "approved_by_id")
SAME = [f"NEW.{name} IS OLD.{name}" for name in KEPT]
SAME += [f"(NEW.{name} IS OLD.{name} OR NEW.{name} = {blank})" for name, blank in BLANKED.items()]
SAME += [f"(NEW.{name} IS OLD.{name} OR NEW.{name} IS NULL)" for name in LEFT]
REFUSED = "lines of the ledger are never changed or deleted"

SQLITE = [
    f"""CREATE TRIGGER hours_entry_no_update BEFORE UPDATE ON learning_hoursentry
    WHEN NOT ({" AND ".join(SAME)}) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER hours_entry_no_delete BEFORE DELETE ON learning_hoursentry
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
]
POSTGRESQL = [
    f"""CREATE FUNCTION learning_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE filled learning_hoursentry;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            filled := NEW;
            IF NEW.reason = '' THEN filled.reason := OLD.reason; END IF;
            IF NEW.evidence = '{{}}'::jsonb THEN filled.evidence := OLD.evidence; END IF;
            IF NEW.recorded_by_id IS NULL THEN filled.recorded_by_id := OLD.recorded_by_id; END IF;
            IF NEW.approved_by_id IS NULL THEN filled.approved_by_id := OLD.approved_by_id; END IF;
            IF filled IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION '{REFUSED}';
    END $$""",
    """CREATE TRIGGER hours_entry_append_only BEFORE UPDATE OR DELETE ON learning_hoursentry
    FOR EACH ROW EXECUTE FUNCTION learning_ledger_is_append_only()""",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER hours_entry_append_only ON learning_hoursentry")
        schema_editor.execute("DROP FUNCTION learning_ledger_is_append_only()")
    else:
        schema_editor.execute("DROP TRIGGER hours_entry_no_update")
        schema_editor.execute("DROP TRIGGER hours_entry_no_delete")


class Migration(migrations.Migration):
    dependencies = [("learning", "0016_hours_are_counted_in_quarters")]
    operations = [migrations.RunPython(guard, unguard)]
