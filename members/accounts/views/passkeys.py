"""Passkeys, and what else belongs to the second step. allauth does the work; here is where it is offered."""

from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy

from members.accounts.second_step import forget_second_step, knows_passkeys, note_second_step


class _Setting:
    """Whoever has just set up the second step has shown that they can take it."""

    step_type: str

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        note_second_step(self.request, self.step_type)  # type: ignore[attr-defined]
        return response


class _Ending:
    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        forget_second_step(self.request)  # type: ignore[attr-defined]
        return response


class _Offering:
    """The page says whether a passkey can be used where it is shown."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        user = getattr(getattr(self, "stage", None), "login", self.request).user  # type: ignore[attr-defined]
        keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
        knows = knows_passkeys(self.request)  # type: ignore[attr-defined]
        return context | {"knows_passkeys": knows, "has_passkey": knows and keys.exists()}


class _Index(_Offering, IndexView):
    pass


class _Authenticate(_Offering, AuthenticateView):
    pass


class _Reauthenticate(_Offering, ReauthenticateView):
    pass


class _SetUpApp(_Setting, _Offering, ActivateTOTPView):
    step_type = Authenticator.Type.TOTP


class _EndApp(_Ending, DeactivateTOTPView):
    pass


class _AddPasskey(_Setting, AddWebAuthnView):
    step_type = Authenticator.Type.WEBAUTHN


class _RemovePasskey(_Ending, RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")


def mfa_index(request: HttpRequest) -> HttpResponse:
    return _Index.as_view()(request)


def mfa_authenticate(request: HttpRequest) -> HttpResponse:
    return _Authenticate.as_view()(request)


def mfa_reauthenticate(request: HttpRequest) -> HttpResponse:
    return _Reauthenticate.as_view()(request)


def mfa_activate_totp(request: HttpRequest) -> HttpResponse:
    return _SetUpApp.as_view()(request)


def mfa_deactivate_totp(request: HttpRequest) -> HttpResponse:
    return _EndApp.as_view()(request)


def mfa_add_webauthn(request: HttpRequest) -> HttpResponse:
    """Only where the browser trusts the address; elsewhere there is no such page."""
    if not knows_passkeys(request):
        raise Http404
    return _AddPasskey.as_view()(request)


def mfa_remove_webauthn(request: HttpRequest, pk: int) -> HttpResponse:
    return _RemovePasskey.as_view()(request, pk=pk)


def mfa_reauthenticate_webauthn(request: HttpRequest) -> HttpResponse:
    if not knows_passkeys(request):
        raise Http404
    return ReauthenticateWebAuthnView.as_view()(request)
