from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0013_sessions_end_together"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["at"], name="audit_by_time"),
        ),
    ]
