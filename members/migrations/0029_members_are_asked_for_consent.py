"""What a member agrees to before studying online: the text in versions, the answers, the first version."""

from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

SINCE = date(2019, 5, 21)
VERSION_RULE = "consent.version"
TEXT = """\
这个平台用来帮您学习，也帮支部做好组织工作。网上学习会产生一些记录，所以先请您看一看，由您自己决定。
平台记什么：您的姓名、党员编号、所在支部、类别、入党日期和职务；您留下的手机号（加密保存）；学完了哪些课和文章、测验通过没有、参加了哪些活动、得了多少学时；外出登记和报到的情况；您写的意见建议。
学习时，平台还会暂时记下看到哪里、看过哪几段，只用来接着学和判断学完没有。学完以后过一段时间就删去，只留下“学完了”和学时。
平台不记什么：身份证号、家庭住址、收入和党费、家庭情况、健康状况、宗教信仰、人脸、位置、设备编号，也不统计您在线多久、什么时候登录。
谁能看：您自己能看全部。支部书记和上级组织员只看到学到什么状态，看不到时间和次数。谁看过、导出过您的资料，您在“我的”里都查得到。资料只存在本单位的服务器上，不交给别的公司，也不用来打分、排名和考评。
您可以随时下载自己的全部资料，要求更正或删除，也可以随时改主意。会议记录、出席和学时按规定要保留的，会说明理由和期限。
如果不同意，也没有关系：支部会用纸质材料或送学上门的办法，组织您学习，不影响您的任何权利，也不会再给您发网上学习的提醒。公开的文章照样可以看，只是不作记录。
依据：《中华人民共和国个人信息保护法》第十三条、第十四条、第二十九条、第三十条；《中国共产党党员教育管理工作条例》。
"""


def write(apps, schema_editor):
    apps.get_model("members", "ConsentText").objects.create(version=1, text=TEXT, since=timezone.now())
    rule = apps.get_model("members", "Rule")
    rule.objects.create(key=VERSION_RULE, value=1, source="同意书第 1 版", effective_from=SINCE)


def erase(apps, schema_editor):
    apps.get_model("members", "Rule").objects.filter(key=VERSION_RULE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0028_the_audit_log_has_a_horizon")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="consent_version",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="user",
            name="has_consented",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(unique=True)),
                ("text", models.TextField()),
                ("since", models.DateTimeField()),
            ],
            options={"verbose_name": "text of the consent"},
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_given", models.BooleanField()),
                ("answered_at", models.DateTimeField()),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="members.consenttext",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "answer to the consent", "ordering": ["answered_at", "pk"]},
        ),
        migrations.RunPython(write, erase),
    ]
