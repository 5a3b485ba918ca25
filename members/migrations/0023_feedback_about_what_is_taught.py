from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0022_grants_have_terms_and_deputies")]
    operations = [
        migrations.AddField("feedback", "is_about_study", models.BooleanField(default=False)),
    ]
