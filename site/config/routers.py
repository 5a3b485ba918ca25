class CacheRouter:
    """Keeps the cache table in its own file, so that counting sign-ins never waits for a lesson being saved."""

    def db_for_read(self, model, **hints):
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        if app_label == "django_cache":
            return db == "cache"
        return False if db == "cache" else None
