from django.http import HttpRequest


def face(request: HttpRequest) -> dict:
    """What the frame of every page shows."""
    return {}
