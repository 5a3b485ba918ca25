SECRET_KEY = "only-for-the-bench"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.bench.echo"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
