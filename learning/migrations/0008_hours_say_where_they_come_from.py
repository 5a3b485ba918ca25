import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Case, F, Value, When
from django.db.models.functions import ExtractYear

SOURCES = {
    "lesson": "Lesson or article",
    "quiz": "Quiz",
    "attendance": "Activity of the branch",
    "training": "Training",
    "by_hand": "Entered by hand",
}


def fill(apps, schema_editor):
    entries = apps.get_model("learning", "HoursEntry").objects
    of_items = {"quiz": "quiz", "activity": "attendance"}
    for kind, source in of_items.items():
        ids = apps.get_model("learning", "StudyItem").objects.filter(kind=kind).values("pk")
        entries.filter(item__in=ids).update(source=source)
    kept = Case(When(source="", then=Value("lesson")), default=F("source"))
    entries.update(year=ExtractYear("earned_on"), source=kept)
    if schema_editor.connection.vendor == "postgresql":
        # The index of `approved_by` is made at the end, and not while checks of these rows are still to come.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0007_plans_say_order_and_what_is_required"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "hoursentry", "source", models.CharField(choices=list(SOURCES.items()), default="", max_length=10), False
        ),
        migrations.AddField("hoursentry", "year", models.PositiveSmallIntegerField(default=0), False),
        migrations.AddField("hoursentry", "evidence", models.JSONField(default=dict)),
        migrations.AddField(
            "hoursentry",
            "approved_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
