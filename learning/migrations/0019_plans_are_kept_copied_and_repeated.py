import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("learning", "0018_years_are_closed_and_recorded")]
    operations = [
        migrations.AddField("studyplan", "is_yearly", models.BooleanField(default=False)),
        migrations.AddField("studyplan", "is_template", models.BooleanField(default=False)),
        migrations.AddField(
            "studyplan",
            "repeats",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="repeated_by",
                to="learning.studyplan",
            ),
        ),
        migrations.AddField(
            "studyplan",
            "copied_from",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="learning.studyplan",
            ),
        ),
        migrations.AddConstraint(
            "studyplan",
            models.CheckConstraint(
                condition=Q(is_template=False) | Q(published_at=None), name="a_template_is_sent_to_nobody"
            ),
        ),
        migrations.AddConstraint(
            "studyplan",
            models.UniqueConstraint(fields=["copied_from", "organisation"], name="a_unit_has_one_copy_of_a_plan"),
        ),
    ]
