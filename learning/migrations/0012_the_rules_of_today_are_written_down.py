"""The rule of every item as it is now, as the version that marks of today name; what it was earlier nobody wrote down."""

from django.db import migrations

AT_ONCE = 500


def write(apps, schema_editor):
    items, quizzes = apps.get_model("learning", "StudyItem").objects, apps.get_model("learning", "Quiz").objects
    lessons = quizzes.filter(is_published=True, item__isnull=False, item__withdrawn_at=None).exclude(lesson=None)
    items.filter(page__in=lessons.values("lesson_id")).update(has_quiz=True)
    rules = apps.get_model("learning", "ItemRule")
    rows = []
    for item in items.order_by("pk").iterator(chunk_size=AT_ONCE):
        asks_quiz = item.kind == "quiz" or (item.has_quiz and item.page_id is not None)
        rows.append(
            rules(
                item=item,
                version=item.rule_version,
                completion_rule=item.completion_rule if asks_quiz else "covered",
                needed_percent=item.needed_percent,
                length_seconds=item.length_seconds,
                since=item.published_at,
                settled_at=item.published_at,
            )
        )
    rules.objects.bulk_create(rows, batch_size=AT_ONCE)
    # Who is in the middle of an item has been measured by its rule of today.
    unfinished = apps.get_model("learning", "Progress").objects.filter(state="studying")
    for pk, version in items.filter(rule_version__gt=1).values_list("pk", "rule_version"):
        unfinished.filter(item=pk).update(rule_version=version)


def erase(apps, schema_editor):
    apps.get_model("learning", "ItemRule").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("learning", "0011_rules_of_items_have_versions")]
    operations = [migrations.RunPython(write, erase)]
