from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0018_spoken_names_are_filled_in")]
    operations = [
        migrations.AddIndex("member", models.Index(fields=["name_sound", "number"], name="member_as_spoken")),
    ]
