from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0023_members_may_need_help")]
    operations = [
        migrations.CreateModel(
            name="NightlyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("checked_at", models.DateTimeField()),
                ("wrong", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "check of the figures",
                "constraints": [models.UniqueConstraint(fields=("day", "subject"), name="one_check_of_a_kind_a_day")],
            },
        ),
    ]
