"""The rooms behind the bell: the Celery worker and the clock. Thin: each task is one call into core."""
