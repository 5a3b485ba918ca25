"""The one sign-in. Only the views of allauth that are used here; everything else under /accounts/ is closed."""

from allauth.account.views import logout, reauthenticate
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import include, path, re_path

from members.accounts.views import (
    accounts,
    drafts,
    grants,
    letters,
    log,
    own,
    passkeys,
    people,
    second_steps,
    signing_in,
    units,
)

pages = [
    path("accounts/card/", signing_in.card, name="card"),
    path("accounts/password/choose/", signing_in.choose_password, name="choose_password"),
    path("accounts/mode/", signing_in.mode, name="mode"),
    path("me/", own.me, name="me"),
    path("me/sessions/end/", own.end_sessions, name="end_sessions"),
    path("me/sessions/<int:pk>/end/", own.end_one_session, name="end_one_session"),
    path("me/drafts/", drafts.drafts, name="drafts"),
    path("me/drafts/drop/", drafts.drop_draft, name="drop_draft"),
    path("accounts/help/", signing_in.forgotten, name="forgotten"),
    path("accounts/help/letter/", letters.ask_letter, name="ask_letter"),
    path("accounts/password/letter/<str:uid>/<str:token>/", letters.open_letter, name="open_letter"),
    path("accounts/password/new/", letters.letter_password, name="letter_password"),
    path("me/email/", letters.own_email, name="own_email"),
    path("me/email/code/", letters.own_email_code, name="own_email_code"),
    path("accounts/people/", accounts.accounts, name="accounts"),
    path("accounts/people/new/", accounts.new_account, name="new_account"),
    path("accounts/people/<int:pk>/", accounts.account, name="account"),
    path("accounts/people/<int:pk>/card/", accounts.account_card, name="account_card"),
    path("accounts/people/<int:pk>/state/", accounts.account_state, name="account_state"),
    path("accounts/roles/", grants.grants, name="grants"),
    path("accounts/roles/table/", grants.role_table, name="role_table"),
    path("accounts/roles/new/", grants.new_grant, name="new_grant"),
    path("accounts/roles/<int:pk>/end/", grants.end_role, name="end_role"),
    path("accounts/second-step/", second_steps.second_step, name="second_step"),
    path("accounts/second-step/<int:pk>/", second_steps.reset_second_step, name="reset_second_step"),
    path("accounts/audit/", log.audit, name="audit"),
    path("accounts/audit/verify/", log.verify_audit, name="verify_audit"),
    path("accounts/audit/export.xlsx", log.audit_export, name="audit_export"),
    path("branch/units/<str:code>/contact/", units.unit_contact, name="unit_contact"),
    path("branch/units/<str:code>/posts/new/", units.set_post, name="set_post"),
    path("branch/posts/<int:pk>/end/", units.end_post, name="end_post"),
    path("branch/people/", people.people, name="people"),
    path("branch/people/cards/", people.cards, name="cards"),
    path("branch/people/ended/", people.ended_people, name="ended_people"),
    path("branch/people/<str:number>/", people.person, name="person"),
    path("branch/people/<str:number>/phone/", people.person_phone, name="person_phone"),
    path("branch/people/<str:number>/study/", people.study_way, name="study_way"),
    path("branch/people/<str:number>/end/", people.end_membership, name="end_membership"),
    path("branch/people/<str:number>/reopen/", people.reverse_end, name="reverse_end"),
]

two_steps = [
    path("", passkeys.mfa_index, name="mfa_index"),
    path("authenticate/", passkeys.mfa_authenticate, name="mfa_authenticate"),
    path("reauthenticate/", passkeys.mfa_reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", passkeys.mfa_activate_totp, name="mfa_activate_totp"),
    path("totp/deactivate/", passkeys.mfa_deactivate_totp, name="mfa_deactivate_totp"),
    path("webauthn/add/", passkeys.mfa_add_webauthn, name="mfa_add_webauthn"),
    path("webauthn/<int:pk>/remove/", passkeys.mfa_remove_webauthn, name="mfa_remove_webauthn"),
    path("webauthn/reauthenticate/", passkeys.mfa_reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

# Wagtail's own doors, before its addresses are read: a password alone would pass the second step and the lock-out.
side_doors = [
    re_path(r"^cms/login/", signing_in.to_sign_in),
    re_path(r"^_util/login/", signing_in.to_sign_in),
    re_path(r"^cms/password_reset/", signing_in.to_sign_in),
    re_path(r"^_util/authenticate_with_password/", signing_in.closed),
    re_path(r"^cms/account/", signing_in.to_own_page),
    re_path(r"^cms/(?:users|groups)/", signing_in.closed),
    re_path(r"^cms/(?:failwhale|test404)/", signing_in.closed),
    re_path(r"^cms/bulk/members/", signing_in.closed),
    re_path(r"^cms/(?:pages|collections)/\d+/privacy/", signing_in.closed),
]

urlpatterns = [
    *side_doors,
    path("accounts/", signing_in.to_sign_in),
    path("accounts/login/", signing_in.account_login, name="account_login"),
    path("accounts/logout/", logout, name="account_logout"),
    path("accounts/reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", signing_in.account_change_password, name="account_change_password"),
    path("accounts/2fa/", include(two_steps)),
    re_path(r"^accounts/", signing_in.closed),
]
