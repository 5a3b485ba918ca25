from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0024_figures_are_checked_at_night")]
    operations = [
        migrations.AddField("studyplan", "overlaps", models.BigIntegerField(null=True, editable=False)),
        migrations.AddIndex(
            "studyplan",
            models.Index(fields=["id"], condition=models.Q(("overlaps__isnull", False)), name="plans_with_overlaps"),
        ),
    ]
