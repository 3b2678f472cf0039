"""The room behind the bell: the Celery worker, and the clock that needs no bell."""
