"""The names that were there before are spoken too; from then on the database orders people by it.

On PostgreSQL what is spoken is compared byte by byte, as SQLite does by itself.
"""

from django.db import migrations

from members.organisation import sounds

AT_ONCE = 300


def speak(apps, schema_editor):
    for model in (apps.get_model("members", "Member"), apps.get_model("members", "Organisation")):
        rows = list(model._base_manager.filter(name_sound="").only("pk", "name"))
        for row in rows:
            row.name_sound, row.name_initials = sounds.sound_of(row.name), sounds.initials_of(row.name)
        model._base_manager.bulk_update(rows, ["name_sound", "name_initials"], batch_size=AT_ONCE)


def leave(apps, schema_editor):
    """What is spoken goes with its column."""


def compare_bytes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE members_member ALTER COLUMN name_sound TYPE varchar(300) COLLATE "C"')


def compare_as_the_database_does(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE members_member ALTER COLUMN name_sound TYPE varchar(300)")


class Migration(migrations.Migration):
    dependencies = [("members", "0017_names_are_kept_as_spoken")]
    operations = [
        migrations.RunPython(speak, leave),
        migrations.RunPython(compare_bytes, compare_as_the_database_does),
    ]
