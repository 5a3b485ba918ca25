from django.urls import path

from members.transfers import views

app_name = "transfers"
urlpatterns = [
    path("branch/transfers/", views.transfers, name="transfers"),
    path("branch/transfers/<int:pk>/", views.transfer, name="transfer"),
    path("branch/people/<str:number>/transfer/", views.propose_transfer, name="propose_transfer"),
]
