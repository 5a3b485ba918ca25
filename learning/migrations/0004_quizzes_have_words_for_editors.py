import django.db.models.deletion
from django.db import migrations, models

AUDIENCES = [
    ("public", "Everybody, also without signing in"),
    ("members", "Everybody who has signed in"),
    ("subtree", "Only this unit and the units under it"),
]


class Migration(migrations.Migration):
    dependencies = [("learning", "0003_lessons_may_end_with_a_quiz"), ("members", "0010_feedback")]

    operations = [
        migrations.AlterModelOptions(
            name="question", options={"verbose_name": "question", "verbose_name_plural": "questions"}
        ),
        migrations.AlterModelOptions(
            name="questionbank", options={"verbose_name": "question bank", "verbose_name_plural": "question banks"}
        ),
        migrations.AlterModelOptions(name="quiz", options={"verbose_name": "quiz", "verbose_name_plural": "quizzes"}),
        migrations.AlterField(
            model_name="question",
            name="is_retired",
            field=models.BooleanField(default=False, verbose_name="not asked any more"),
        ),
        migrations.AlterField(
            model_name="questionbank",
            name="name",
            field=models.CharField(max_length=100, unique=True, verbose_name="name of the question bank"),
        ),
        migrations.AlterField(
            model_name="questionbank",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.organisation",
                verbose_name="kept by",
            ),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="audience",
            field=models.CharField(choices=AUDIENCES, default="members", max_length=10, verbose_name="who may see it"),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="is_published",
            field=models.BooleanField(default=False, verbose_name="published"),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="lesson",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="quiz",
                to="learning.lessonpage",
                verbose_name="quiz after the lesson",
            ),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quizzes",
                to="members.organisation",
                verbose_name="published by",
            ),
        ),
    ]
