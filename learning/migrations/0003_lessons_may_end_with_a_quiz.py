from django.db import migrations, models

RULES = [
    ("covered", "Everything has been watched, heard or read"),
    ("quiz", "Its quiz has been passed"),
    ("both", "Everything has been watched, heard or read, and its quiz passed"),
]


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_quizzes")]

    operations = [
        migrations.AlterField(
            model_name="lessonpage",
            name="completion_rule",
            field=models.CharField(
                choices=RULES,
                default="covered",
                help_text="Where the lesson has no published quiz, having seen everything is enough.",
                max_length=10,
                verbose_name="counts as studied when",
            ),
        ),
        migrations.AlterField(
            model_name="studyitem",
            name="completion_rule",
            field=models.CharField(choices=RULES, max_length=10),
        ),
    ]
