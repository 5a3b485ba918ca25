import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_topics_notices_units"),
    ]

    operations = [
        migrations.AddField(
            model_name="articlepage",
            name="needed_percent",
            field=models.PositiveSmallIntegerField(
                default=100,
                help_text="100: nothing may be left out. Less: so much of its length is enough, whichever parts; of a text the end must be read, too. Whoever has studied it already keeps that; whoever holds enough by a lower figure has studied it at once.",
                validators=[
                    django.core.validators.MinValueValidator(50),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="how much of it is enough (%)",
            ),
        ),
    ]
