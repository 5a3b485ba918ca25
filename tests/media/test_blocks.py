import pytest
from django.template import Context, Template
from wagtail.blocks import StreamBlock
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from media.blocks import BODY_BLOCKS
from tests.factories import make_tree
from tests.learning.makers import make_course, make_portal

pytestmark = pytest.mark.django_db
BODY = Template("{% load wagtailcore_tags %}{% for block in body %}{% include_block block %}{% endfor %}")


def render(*blocks: dict) -> str:
    return BODY.render(Context({"body": StreamBlock(BODY_BLOCKS).to_python(list(blocks))})).strip()


def test_paragraphs_stand_directly_in_the_body():
    html = render({"type": "heading", "value": "一、先问"}, {"type": "text", "value": "<p>一</p><ol><li>二</li></ol>"})
    assert html.split() == ["<h2>一、先问</h2>", "<p>一</p><ol><li>二</li></ol>"]


def test_what_was_typed_as_text_stays_text():
    quotation = {"text": "<script>alert(1)</script>", "source": "<b>他</b>"}
    html = render({"type": "heading", "value": "<i>x</i>"}, {"type": "quotation", "value": quotation})
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_a_quotation_says_where_it_comes_from():
    html = render({"type": "quotation", "value": {"text": "第一行\n第二行", "source": "走访记录"}})
    assert html == "<blockquote>第一行<br>第二行<cite>走访记录</cite></blockquote>"


def test_a_picture_has_words_for_those_who_cannot_see_it(client):
    image = get_image_model().objects.create(title="t", file=get_test_image_file(size=(1200, 800)))
    html = render({"type": "picture", "value": {"image": image.pk, "text": "楼梯上的灯", "caption": "六楼"}})
    assert html.startswith("<figure><img ")
    assert 'alt="楼梯上的灯"' in html
    assert "<figcaption>六楼</figcaption></figure>" in html
    source = html.split(' src="')[1].split('"')[0]
    assert client.get(source).status_code == 200
    assert "<figcaption>" not in render({"type": "picture", "value": {"image": image.pk, "text": "灯", "caption": ""}})


def test_a_link_to_a_page_shows_its_title_and_ends_with_the_page():
    make_portal()
    course = make_course(make_tree().root, "怎样开会")
    link = {"type": "page_link", "value": {"page": course.pk, "why": "三个办法"}}
    html = render(link)
    assert f'href="{course.url}"' in html
    assert "怎样开会" in html
    assert "三个办法" in html
    course.unpublish()
    assert render(link) == ""
    course.delete()
    assert render(link) == ""
