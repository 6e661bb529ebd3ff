"""Which function does which kind of job, and which jobs fall due by the clock."""


def register() -> None:
    """Called once when the apps are ready."""
