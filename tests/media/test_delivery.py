import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.http import http_date

from media import delivery
from media.delivery import sign_file, sign_poster
from media.models import AssetStatus
from tests.media.assets import make_ready

pytestmark = pytest.mark.django_db
CONTENT = os.urandom(1000)
NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The views' clock, to be set back and forth."""

    class Clock:
        now = staticmethod(lambda: NOW)

    monkeypatch.setattr(delivery, "timezone", Clock)
    return Clock


@pytest.fixture
def asset():
    return make_ready(CONTENT, thumbnail=ContentFile(CONTENT, name="poster.jpg"))


def picture_url(settings) -> str:
    path = Path(settings.MEDIA_ROOT, "images", "a.width-960.jpg")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    return "/uploads/images/a.width-960.jpg"


@pytest.fixture(params=["file", "poster", "picture"])
def url(request, asset, settings):
    """Every address under which a stored file is answered."""
    if request.param == "picture":
        return picture_url(settings)
    sign = sign_file if request.param == "file" else sign_poster
    return sign(user_id=7, asset=asset, now=NOW)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_whole_file_comes_with_all_that_a_player_needs(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert body(answer) == CONTENT
    assert answer["Content-Length"] == "1000"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Type"] in ("video/mp4", "image/jpeg")
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["ETag"].startswith('"')
    assert answer["Last-Modified"].endswith("GMT")


RANGES = {
    "bytes=0-1": (0, 2),
    "bytes=0-0": (0, 1),
    "bytes=100-199": (100, 200),
    "bytes=900-": (900, 1000),
    "bytes=0-": (0, 1000),
    "bytes=-100": (900, 1000),
    "bytes=-5000": (0, 1000),
    "bytes=500-99999": (500, 1000),
    "bytes=999-999": (999, 1000),
}


@pytest.mark.parametrize("header", RANGES)
def test_a_part_is_answered_with_206_and_exactly_that_part(client, url, header):
    start, end = RANGES[header]
    answer = client.get(url, headers={"range": header})
    assert answer.status_code == 206
    assert body(answer) == CONTENT[start:end]
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/1000"
    assert answer["Content-Length"] == str(end - start)
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0", "bytes=9-3", "bytes=x-y", "bytes="])
def test_a_part_outside_the_file_is_answered_with_416_and_the_length(client, url, header):
    answer = client.get(url, headers={"range": header})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */1000"
    assert body(answer) == b""


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "lines=1-2"])
def test_several_parts_or_another_unit_get_the_whole_file(client, url, header):
    answer = client.get(url, headers={"range": header})
    assert answer.status_code == 200
    assert body(answer) == CONTENT


def test_head_says_the_length_and_sends_nothing(client, url):
    for headers in ({}, {"range": "bytes=0-1"}):
        answer = client.head(url, headers=headers)
        assert (answer.status_code, answer["Content-Length"], body(answer)) == (200, "1000", b"")
        assert answer["Accept-Ranges"] == "bytes"


def test_who_has_the_file_already_gets_304(client, url):
    first = client.get(url)
    body(first)
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(url, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert client.get(url, headers={"if-match": '"another"'}).status_code == 412


def test_a_part_of_another_file_is_not_mixed_in(client, url):
    first = client.get(url)
    body(first)
    for known in (first["ETag"], first["Last-Modified"]):
        assert client.get(url, headers={"range": "bytes=0-1", "if-range": known}).status_code == 206
    for unknown in ('"another"', f"W/{first['ETag']}", http_date(0), "nonsense", ""):
        answer = client.get(url, headers={"range": "bytes=0-1", "if-range": unknown})
        assert (answer.status_code, len(body(answer))) == (200, 1000), unknown


def test_nothing_is_changed_through_these_addresses(client, url):
    for method in (client.post, client.put, client.delete):
        assert method(url).status_code == 405


def test_an_address_lasts_twelve_hours_and_then_says_so_plainly(client, asset, clock):
    url = sign_file(user_id=7, asset=asset, now=NOW)
    clock.now = staticmethod(lambda: NOW + timedelta(hours=12))
    assert client.get(url).status_code == 200
    clock.now = staticmethod(lambda: NOW + timedelta(hours=13))
    answer = client.get(url)
    assert answer.status_code == 410
    assert "<h1>" in answer.content.decode()


def test_within_an_hour_the_address_stays_the_same_so_that_caches_work(asset):
    first = sign_file(user_id=7, asset=asset, now=NOW)
    assert first == sign_file(user_id=7, asset=asset, now=NOW + timedelta(minutes=29))
    assert first != sign_file(user_id=7, asset=asset, now=NOW + timedelta(minutes=31))
    assert first != sign_file(user_id=8, asset=asset, now=NOW)


def test_a_changed_token_opens_nothing(client, asset):
    other = make_ready(b"other", "other.mp4")
    token, name = sign_file(user_id=7, asset=asset, now=NOW).split("/")[2:]
    said, seal = token.split(":")
    for wanted in ({"user": 8}, {"asset": other.pk}, {"until": 2**40}, {"part": "sha256"}):
        forged = signing.b64_encode(signing.JSONSerializer().dumps({**delivery.SIGNER.unsign_object(token), **wanted}))
        for end in (name, Path(other.file.name).name):
            assert client.get(f"/media/{forged.decode()}:{seal}/{end}").status_code == 404
    alien = signing.Signer(salt="something else").sign_object(
        {"user": 7, "asset": asset.pk, "part": "file", "until": 2**40}
    )
    for bad in (alien, said, f"{said}:", f"{said}:{seal[:-1]}", "x", "%00", "..:.."):
        assert client.get(f"/media/{bad}/{name}").status_code == 404


def test_a_token_for_a_poster_does_not_play_the_film(client, asset):
    poster = sign_poster(user_id=7, asset=asset, now=NOW)
    film = sign_file(user_id=7, asset=asset, now=NOW)
    assert client.get("/".join([*poster.split("/")[:3], film.split("/")[3]])).status_code == 404


def test_nothing_is_played_before_it_was_looked_into(client, asset):
    url = sign_file(user_id=7, asset=asset, now=NOW)
    for status in (AssetStatus.QUEUED, AssetStatus.REFUSED):
        type(asset).objects.filter(pk=asset.pk).update(status=status)
        assert client.get(url).status_code == 404


def test_the_address_of_a_replaced_or_deleted_file_is_gone(client, asset):
    url = sign_file(user_id=7, asset=asset, now=NOW)
    asset.file.save("lesson.mp4", ContentFile(b"new film"))
    type(asset).objects.filter(pk=asset.pk).update(status=AssetStatus.READY)
    assert client.get(url).status_code == 404
    asset.refresh_from_db()
    url = sign_file(user_id=7, asset=asset, now=NOW)
    assert body(client.get(url)) == b"new film"
    Path(asset.file.path).unlink()
    assert client.get(url).status_code == 404
    asset.delete()
    assert client.get(url).status_code == 404


def test_an_asset_without_a_poster_has_no_address_for_one():
    assert sign_poster(user_id=7, asset=make_ready(), now=NOW) == ""


def test_deleting_an_asset_deletes_its_files(asset, django_capture_on_commit_callbacks):
    film, poster = Path(asset.file.path), Path(asset.thumbnail.path)
    assert film.exists()
    with django_capture_on_commit_callbacks(execute=True):
        asset.delete()
    assert not film.exists()
    assert not poster.exists()


def test_long_and_odd_names_are_kept_readable_and_within_the_disk_s_limits(client):
    for name in ("学" * 200 + ".MP4", "../../etc/passwd.mp4", "a b?c#d%.mp4", "𠮷家\u202e4pm.mp4"):
        asset = make_ready(b"film", name)
        assert Path(asset.file.path).parent.name == "media"
        assert len(Path(asset.file.name).name.encode()) < 255
        answer = client.get(sign_file(user_id=None, asset=asset, now=NOW))
        assert (answer.status_code, body(answer)) == (200, b"film"), name


ESCAPES = [
    "../media/{film}",
    "%2e%2e/media/{film}",
    "..%2fmedia%2f{film}",
    "/etc/passwd",
    "....//media/{film}",
    "..\\media\\{film}",
    "../images",
    "link/{film}",
    "a.txt",
    "%00.jpg",
    "x" * 300 + ".jpg",
    "",
    ".",
]


@pytest.mark.parametrize("path", ESCAPES)
def test_no_way_leads_out_of_the_open_folder(client, asset, settings, path):
    picture_url(settings)
    folder = Path(settings.MEDIA_ROOT, "images")
    (folder / "a.txt").write_text("secret")
    link = folder / "link"
    if not link.exists():
        link.symlink_to(Path(asset.file.path).parent)
    assert client.get("/uploads/images/" + path.format(film=Path(asset.file.name).name)).status_code == 404


def test_no_other_upload_has_a_public_address(client, asset):
    for name in (asset.file.name, asset.thumbnail.name, "original_images/a.jpg", "documents/a.pdf"):
        assert client.get(f"/uploads/{name}").status_code == 404
        assert client.get(f"/media/{name}").status_code == 404


def test_nginx_is_told_what_to_send(client, asset, settings):
    settings.MEDIA_ACCEL_PREFIX = "/protected/"
    url = sign_file(user_id=7, asset=asset, now=NOW)
    answer = client.get(url, headers={"range": "bytes=0-1"})
    assert answer.status_code == 200
    assert answer["X-Accel-Redirect"] == f"/protected/{asset.file.name}"
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Cache-Control"].startswith("private")
    assert answer.content == b""
    assert client.get(url.replace("/media/", "/media/x")).status_code == 404


def test_a_film_asks_the_database_once_and_opens_no_session(asset, django_assert_num_queries):
    visitor = Client()
    url = sign_file(user_id=7, asset=asset, now=NOW)
    with django_assert_num_queries(1):
        answer = visitor.get(url)
    assert answer["Cache-Control"].startswith("private")
    assert not visitor.cookies
