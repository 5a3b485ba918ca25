from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id as OWASP's password storage sheet asks for at least, and no dearer.

    A hall signs in at once: with Django's own 100 MiB a hash, thirty-two sign-ins would need more memory than a small
    server has.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
