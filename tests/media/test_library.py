"""The library of files in the CMS, as an editor uses it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from media.actions import probe_queued
from media.models import Asset, AssetStatus
from members.organisation.rules import Rule
from tests.factories import make_account, make_editor, make_tree
from tests.learning.makers import make_lesson
from tests.media.assets import make_ready, upload
from tests.media.clips import write_clip, write_sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    """An editor who is signed in; the second step is waived, as in a demonstration."""
    Rule.objects.create(key="installation.demo", value=True, effective_from=datetime(2020, 1, 1, tzinfo=UTC).date())
    editor = make_editor(make_tree().root)
    client.force_login(editor)
    return editor


def send(client, path: Path, kind: str = "video", **rest):
    content = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(f"/cms/media/{kind}/add/", {"title": "第一课", "file": content, **rest}, follow=True)


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_uploaded_video_is_checked_and_can_be_played(client, editor, tmp_path):
    page = text(send(client, write_clip(tmp_path / "听.mp4")))
    assert "Being checked" in page or "正在检查" in page
    asset = Asset.objects.get()
    assert (asset.status, asset.uploaded_by_user) == (AssetStatus.QUEUED, editor)
    probe_queued(now=timezone.now())
    asset.refresh_from_db()
    assert asset.status == AssetStatus.READY
    assert f"/cms/media/play/{asset.pk}/" in text(client.get(f"/cms/media/edit/{asset.pk}/"))
    played = client.get(f"/cms/media/play/{asset.pk}/", follow=True)
    assert played["Content-Type"] == "video/mp4"
    assert b"".join(played.streaming_content)[4:8] == b"ftyp"


def test_an_uploaded_sound_is_checked_too(client, editor, tmp_path):
    send(client, write_sound(tmp_path / "a.mp3"), "audio")
    probe_queued(now=timezone.now())
    assert Asset.objects.get().status == AssetStatus.READY


def test_a_refused_file_says_why_in_the_list_and_in_its_page(client, editor, tmp_path):
    path = tmp_path / "a.mp4"
    path.write_text("no film at all")
    send(client, path)
    probe_queued(now=timezone.now())
    asset = Asset.objects.get()
    for page in ("/cms/media/", f"/cms/media/edit/{asset.pk}/"):
        assert asset.refusal_sentence in text(client.get(page))
    answer = client.get(f"/cms/media/play/{asset.pk}/", follow=True)
    assert answer.redirect_chain == [(f"/cms/media/edit/{asset.pk}/", 302)]
    chooser = client.get("/cms/media/chooser/video/").json()["html"]
    assert asset.title in chooser
    assert f"/cms/media/chooser/{asset.pk}/" not in chooser


@pytest.mark.parametrize("name", ["a.m3u8", "a.svg", "a.avi", "a.mov", "a.exe", "a"])
def test_only_the_known_endings_are_taken(client, editor, tmp_path, name):
    path = tmp_path / name
    path.write_text("content")
    send(client, path)
    assert not Asset.objects.exists()


def test_too_large_a_file_is_refused_with_both_numbers(client, editor, tmp_path, settings):
    settings.ASSET_MAX_BYTES = 2 * 1024 * 1024
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(3 * 1024 * 1024))
    page = text(send(client, path))
    assert "4 MB" in page
    assert "2 MB" in page
    assert not Asset.objects.exists()


def test_a_poster_must_be_a_picture(client, editor, tmp_path):
    clip = write_clip(tmp_path / "a.mp4")
    send(client, clip, thumbnail=SimpleUploadedFile("poster.jpg", b"no picture"))
    assert not Asset.objects.exists()
    picture = tmp_path / "poster.jpg"
    Image.new("RGB", (16, 9)).save(picture)
    send(client, clip, thumbnail=SimpleUploadedFile("海报.jpg", picture.read_bytes()))
    assert Asset.objects.get().thumbnail.name.startswith("media_thumbnails/海报-")


def test_a_replaced_file_leaves_no_old_one_behind(client, editor, tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"))
    probe_queued(now=timezone.now())
    old = Path(asset.file.path)
    new = SimpleUploadedFile("a.mp4", write_clip(tmp_path / "a.mp4", size=(320, 180)).read_bytes())
    client.post(f"/cms/media/edit/{asset.pk}/", {"title": "neu", "file": new})
    asset.refresh_from_db()
    assert asset.status == AssetStatus.QUEUED
    assert not old.exists()
    assert Path(asset.file.path).exists()


def test_changing_only_the_title_keeps_what_was_found(client, editor, tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"))
    probe_queued(now=timezone.now())
    client.post(f"/cms/media/edit/{asset.pk}/", {"title": "第二课", "transcript": "大家好"})
    asset.refresh_from_db()
    assert (asset.title, asset.transcript, asset.status) == ("第二课", "大家好", AssetStatus.READY)
    assert asset.duration > 2


def test_a_file_can_be_deleted_only_when_no_lesson_shows_it(
    client, editor, tmp_path, django_capture_on_commit_callbacks
):
    used = make_lesson(unit_of(editor)).asset
    free = make_ready()
    for asset in (used, free):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"/cms/media/delete/{asset.pk}/", follow=True)
        assert answer.status_code == 200
    assert list(Asset.objects.all()) == [used]
    assert Path(used.file.path).exists()
    assert not Path(free.file.path).exists()


def unit_of(editor):
    return editor.member.affiliations.get().organisation


def test_only_who_may_change_a_file_plays_it_in_the_cms(client):
    asset = make_ready()
    address = f"/cms/media/play/{asset.pk}/"
    assert client.get(address).status_code == 302
    client.force_login(make_account())
    assert client.get(address).status_code == 403


def test_the_list_asks_the_database_no_more_often_for_many_files(client, editor, django_assert_max_num_queries):
    for _ in range(3):
        make_ready()
    client.get("/cms/media/")
    with django_assert_max_num_queries(60) as few:
        client.get("/cms/media/")
    for _ in range(15):
        make_ready()
    with django_assert_max_num_queries(len(few)):
        client.get("/cms/media/")
