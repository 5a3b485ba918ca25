"""What passes the quizzes of today, in the newest version of each rule; what passed earlier nobody wrote down."""

from django.db import migrations


def write(apps, schema_editor):
    items, quizzes = apps.get_model("learning", "StudyItem").objects, apps.get_model("learning", "Quiz").objects
    rules = apps.get_model("learning", "ItemRule").objects
    for quiz in quizzes.exclude(item=None):
        items.filter(pk=quiz.item_id).update(pass_percent=quiz.pass_percent)
    open_ones = quizzes.filter(is_published=True, item__isnull=False, item__withdrawn_at=None).exclude(lesson=None)
    for quiz in open_ones:
        items.filter(page=quiz.lesson_id).update(pass_percent=quiz.pass_percent)
    for item in items.exclude(pass_percent=None):
        newest = rules.filter(item=item, version=item.rule_version).exclude(completion_rule="covered")
        newest.update(pass_percent=item.pass_percent)


def erase(apps, schema_editor):
    items = apps.get_model("learning", "StudyItem").objects
    items.filter(pass_percent__isnull=False).exclude(kind="quiz").update(has_quiz=True)


class Migration(migrations.Migration):
    dependencies = [("learning", "0026_quizzes_say_what_passes")]
    operations = [migrations.RunPython(write, erase)]
