from django.db import migrations, models

import media.models


class Migration(migrations.Migration):
    dependencies = [("media", "0001_assets")]

    operations = [
        migrations.AlterField(
            model_name="asset",
            name="file",
            field=models.FileField(upload_to=media.models.name_file, verbose_name="file"),
        ),
        migrations.AlterField(
            model_name="asset",
            name="thumbnail",
            field=models.FileField(
                blank=True, upload_to=media.models.name_thumbnail, verbose_name="picture shown before it plays"
            ),
        ),
    ]
