"""The one sign-in. Only the views of allauth that are used here; everything else under /accounts/ is closed."""

from allauth.account.views import logout, reauthenticate
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from django.urls import include, path, re_path

from members.accounts import views

own = [
    path("accounts/card/", views.card, name="card"),
    path("accounts/password/choose/", views.choose_password, name="choose_password"),
    path("accounts/mode/", views.mode, name="mode"),
    path("me/", views.me, name="me"),
]

two_steps = [
    path("", second_step.index, name="mfa_index"),
    path("authenticate/", second_step.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", views.mfa_activate_totp, name="mfa_activate_totp"),
    path("totp/deactivate/", deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

# Wagtail's own doors, before its addresses are read: a password alone would pass the second step and the lock-out.
side_doors = [
    re_path(r"^cms/login/", views.to_sign_in),
    re_path(r"^_util/login/", views.to_sign_in),
    re_path(r"^cms/password_reset/", views.to_sign_in),
    re_path(r"^_util/authenticate_with_password/", views.closed),
    re_path(r"^cms/account/", views.to_own_page),
    re_path(r"^cms/(?:users|groups)/", views.closed),
    re_path(r"^cms/(?:failwhale|test404)/", views.closed),
    re_path(r"^cms/bulk/members/", views.closed),
    re_path(r"^cms/(?:pages|collections)/\d+/privacy/", views.closed),
]

urlpatterns = [
    *side_doors,
    path("accounts/", views.to_sign_in),
    path("accounts/login/", views.account_login, name="account_login"),
    path("accounts/logout/", logout, name="account_logout"),
    path("accounts/reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", views.account_change_password, name="account_change_password"),
    path("accounts/2fa/", include(two_steps)),
    re_path(r"^accounts/", views.closed),
]
