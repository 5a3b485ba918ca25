"""The database itself refuses to change or delete an audit event."""

from django.db import migrations

SQLITE = [
    f"""CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON members_auditevent
    BEGIN SELECT RAISE(ABORT, 'audit events are insert-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    """CREATE FUNCTION members_audit_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit events are insert-only'; END $$""",
    """CREATE TRIGGER audit_event_insert_only BEFORE UPDATE OR DELETE ON members_auditevent
    FOR EACH ROW EXECUTE FUNCTION members_audit_is_insert_only()""",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_event_insert_only ON members_auditevent")
        schema_editor.execute("DROP FUNCTION members_audit_is_insert_only()")
    else:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER audit_event_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("members", "0002_paths_sort_by_bytes")]
    operations = [migrations.RunPython(guard, unguard)]
