from django.db import migrations


def count(apps, schema_editor):
    batches = apps.get_model("members", "ImportBatch")
    for batch in batches.objects.iterator(chunk_size=10):
        batch.made_rows, batch.changed_rows = len(batch.made), len(batch.changed)
        batch.save(update_fields=["made_rows", "changed_rows"])


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0020_imports_can_be_undone"),
    ]

    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
