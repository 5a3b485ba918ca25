from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0006_activities_are_studied")]
    operations = [
        migrations.AddField("studyplan", "is_in_order", models.BooleanField(default=False)),
        migrations.AddField("studyplan", "counts_earlier", models.BooleanField(default=True)),
        migrations.AddField("planitem", "is_required", models.BooleanField(default=True)),
        migrations.AddField("planitem", "opens_on", models.DateField(blank=True, null=True)),
    ]
