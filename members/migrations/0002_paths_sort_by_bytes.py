"""On PostgreSQL a path must sort byte by byte, or `path >= p AND path < p~` finds the wrong units.

SQLite compares so by itself.
"""

from django.db import migrations


def compare_bytes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE members_organisation ALTER COLUMN path TYPE varchar(255) COLLATE "C"')


def compare_as_the_database_does(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE members_organisation ALTER COLUMN path TYPE varchar(255)")


class Migration(migrations.Migration):
    dependencies = [("members", "0001_people_and_organisations")]
    operations = [migrations.RunPython(compare_bytes, compare_as_the_database_does)]
