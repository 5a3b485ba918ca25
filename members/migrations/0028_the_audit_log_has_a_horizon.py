"""Events may go once a horizon stands above them, and only then; on PostgreSQL nothing truncates the log either."""

from django.db import migrations, models

SQLITE = [
    "DROP TRIGGER audit_event_no_DELETE",
    """CREATE TRIGGER audit_event_no_DELETE BEFORE DELETE ON members_auditevent
    WHEN OLD.id > (SELECT COALESCE(MAX(last_id), 0) FROM members_audithorizon)
    BEGIN SELECT RAISE(ABORT, 'audit events are insert-only'); END""",
    *(
        f"""CREATE TRIGGER audit_horizon_no_{verb} BEFORE {verb} ON members_audithorizon
        BEGIN SELECT RAISE(ABORT, 'horizons of the audit log are insert-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ),
]
SQLITE_BACK = [
    "DROP TRIGGER audit_horizon_no_UPDATE",
    "DROP TRIGGER audit_horizon_no_DELETE",
    "DROP TRIGGER audit_event_no_DELETE",
    """CREATE TRIGGER audit_event_no_DELETE BEFORE DELETE ON members_auditevent
    BEGIN SELECT RAISE(ABORT, 'audit events are insert-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION members_audit_keeps_above_horizon() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.id <= (SELECT COALESCE(MAX(last_id), 0) FROM members_audithorizon) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'audit events are insert-only';
    END $$""",
    "DROP TRIGGER audit_event_insert_only ON members_auditevent",
    """CREATE TRIGGER audit_event_insert_only BEFORE UPDATE OR DELETE ON members_auditevent
    FOR EACH ROW EXECUTE FUNCTION members_audit_keeps_above_horizon()""",
    """CREATE TRIGGER audit_horizon_insert_only BEFORE UPDATE OR DELETE ON members_audithorizon
    FOR EACH ROW EXECUTE FUNCTION members_audit_is_insert_only()""",
    # An empty table may be truncated: that takes nothing away.
    """CREATE FUNCTION members_audit_is_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE holds boolean;
    BEGIN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', TG_TABLE_NAME) INTO holds;
        IF holds THEN RAISE EXCEPTION 'audit events are insert-only'; END IF;
        RETURN NULL;
    END $$""",
    *(
        f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON members_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION members_audit_is_not_truncated()"""
        for table in ("auditevent", "audithorizon")
    ),
]
POSTGRESQL_BACK = [
    "DROP TRIGGER auditevent_no_truncate ON members_auditevent",
    "DROP TRIGGER audithorizon_no_truncate ON members_audithorizon",
    "DROP FUNCTION members_audit_is_not_truncated()",
    "DROP TRIGGER audit_horizon_insert_only ON members_audithorizon",
    "DROP TRIGGER audit_event_insert_only ON members_auditevent",
    "DROP FUNCTION members_audit_keeps_above_horizon()",
    """CREATE TRIGGER audit_event_insert_only BEFORE UPDATE OR DELETE ON members_auditevent
    FOR EACH ROW EXECUTE FUNCTION members_audit_is_insert_only()""",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("members", "0027_posts_change_hands")]
    operations = [
        migrations.CreateModel(
            name="AuditHorizon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_id", models.BigIntegerField(unique=True)),
                ("last_hash", models.CharField(max_length=64)),
                ("dropped", models.PositiveBigIntegerField()),
                ("trimmed_at", models.DateTimeField()),
            ],
            options={"verbose_name": "horizon of the audit log"},
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["organisation", "at"], name="audit_by_unit"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["actor", "at"], name="audit_by_actor"),
        ),
        migrations.RunPython(guard, unguard),
    ]
