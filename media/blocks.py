"""What a text is made of. Links to pages are choosers named by string, so that this room asks nobody above it."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "ol", "ul", "link"]
PAGES = ["content.ArticlePage", "learning.CoursePage", "learning.LessonPage"]


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("quotation"))
    source = blocks.CharBlock(label=_("where it comes from"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "media/blocks/quotation.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("picture"))
    text = blocks.CharBlock(label=_("what can be seen, for those who cannot see it"))
    caption = blocks.CharBlock(label=_("line under the picture"), required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "media/blocks/picture.html"


class PageLinkBlock(blocks.StructBlock):
    page = blocks.PageChooserBlock(page_type=PAGES, label=_("page"))
    why = blocks.CharBlock(label=_("why read it"), required=False)

    class Meta:
        icon = "link"
        label = _("Read on")
        template = "media/blocks/page_link.html"


BODY_BLOCKS = [
    ("heading", blocks.CharBlock(label=_("Heading"), icon="title", template="media/blocks/heading.html")),
    ("text", blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, template="media/blocks/text.html")),
    ("quotation", QuotationBlock()),
    ("picture", PictureBlock()),
    ("page_link", PageLinkBlock()),
]
