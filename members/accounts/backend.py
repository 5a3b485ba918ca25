from allauth.account.auth_backends import AuthenticationBackend


class CardOrPasswordBackend(AuthenticationBackend):
    """Signs in with a password, or with the one-time password of a sign-in card while that is good."""
