from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtailmedia.forms import BaseMediaForm

MEGABYTE = 1024 * 1024


class AssetForm(BaseMediaForm):
    """Says at once what can be known without reading the file; the rest is found by the probe."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        best = _("mp4 (H.264, AAC) plays everywhere") if self.instance.type == "video" else _("mp3 plays everywhere")
        limit = _("at most {limit} MB").format(limit=settings.ASSET_MAX_BYTES // MEGABYTE)
        self.fields["file"].help_text = _("{best}, {limit}").format(best=best, limit=limit)
        # The usual widget links to the stored file, and no upload has an address of its own.
        self.fields["thumbnail"].widget = forms.FileInput(attrs={"accept": "image/*"})

    def clean_file(self) -> UploadedFile:
        """The size is looked at before anything is kept."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file.size > settings.ASSET_MAX_BYTES:
            sentence = _("This file has {size} MB, at most {limit} MB can be kept. Please save it smaller or in parts.")
            numbers = {"size": file.size // MEGABYTE + 1, "limit": settings.ASSET_MAX_BYTES // MEGABYTE}
            raise forms.ValidationError(sentence.format(**numbers))
        return file

    def clean_thumbnail(self) -> UploadedFile | None:
        """A poster is a picture, whatever its name says."""
        thumbnail = self.cleaned_data["thumbnail"]
        if thumbnail and "thumbnail" in self.changed_data:
            forms.ImageField().clean(thumbnail)
        return thumbnail
