"""For the member under /checkins/; for leaders under /branch/: away from here, and received here."""

from django.urls import path

from members.checkins.views import arriving, contacts, home, host, own

urlpatterns = [
    path("checkins/", own.checkins, name="checkins"),
    path("checkins/new/", own.register_away, name="register_away"),
    path("checkins/<int:spell_id>/change/", own.change_spell, name="change_spell"),
    path("checkins/<int:spell_id>/report-in/", own.report_in, name="report_in"),
    path("checkins/<int:spell_id>/contact/", own.own_contact, name="own_contact"),
    path("checkins/<int:spell_id>/returned/", own.own_return, name="own_return"),
    path("checkins/at/<str:host>/", arriving.arrive, name="arrive"),
    path("checkins/contacts/", contacts.own_contacts, name="own_contacts"),
    path("checkins/contacts/<int:spell_id>/", contacts.keep_contact, name="keep_contact"),
    path("checkins/contacts/<int:spell_id>/phone/", contacts.contact_phone, name="contact_phone"),
    path("branch/away/due/", contacts.contacts_due, name="contacts_due"),
    path("branch/hosted/poster/", arriving.poster, name="poster"),
    path("branch/away/", home.away, name="away"),
    path("branch/away/new/", home.register_away_for, name="register_away_for"),
    path("branch/away/<int:spell_id>/", home.away_spell, name="away_spell"),
    path("branch/away/<int:spell_id>/change/", home.change_away, name="change_away"),
    path("branch/away/<int:spell_id>/end/", home.end_away, name="end_away"),
    path("branch/away/<int:spell_id>/reopen/", home.reopen_away, name="reopen_away"),
    path("branch/away/<int:spell_id>/phone/", home.away_phone, name="away_phone"),
    path("branch/hosted/", host.hosted, name="hosted"),
    path("branch/hosted/<int:spell_id>/", host.hosted_spell, name="hosted_spell"),
    path("branch/hosted/<int:spell_id>/phone/", host.hosted_phone, name="hosted_phone"),
]
