"""The one place that reads the environment. Everything else is handed values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigurationError


def _default_data_dir() -> Path:
    """As root, a folder that the other OS user whom PostgreSQL then runs as can reach."""
    if os.geteuid() == 0:
        return Path("/var/lib/evenkeel")
    share = os.environ.get("XDG_DATA_HOME")
    return (Path(share) if share else Path.home() / ".local" / "share") / "evenkeel"


def _postgres_only(url: str | None) -> str | None:
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    return url


def _host_and_port(bind: str) -> str:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8080")
    return bind


Bind = Annotated[str, AfterValidator(_host_and_port)]


class Settings(BaseSettings):
    """Each field is an environment variable of the same name in capitals (see .env.example)."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    database_url: Annotated[str | None, AfterValidator(_postgres_only)] = None
    evenkeel_data_dir: Path = Field(default_factory=_default_data_dir)
    evenkeel_master_key: SecretStr | None = None
    evenkeel_key_store: str | None = None
    evenkeel_hash_partitions: int = Field(default=4, ge=0, le=64)
    evenkeel_http_bind: Bind = "127.0.0.1:8080"
    evenkeel_ops_bind: Bind = "127.0.0.1:9090"
    evenkeel_region: str = Field(default="US", pattern="^[A-Z]{2}$")
    evenkeel_locale: str = "en"
    evenkeel_pii_retention: Literal["sealed", "never"] = "sealed"
    evenkeel_screen_seconds: float = Field(default=2.0, gt=0, le=30)
    evenkeel_lease_seconds: float = Field(default=30.0, ge=1, le=600)

    evenkeel_backup_dir: Path | None = None
    evenkeel_backup_days: int = Field(default=14, ge=1, le=3650)
    evenkeel_keep_messages_days: int = Field(default=730, ge=0)
    evenkeel_keep_moods_days: int = Field(default=0, ge=0)
    evenkeel_keep_ai_runs_days: int = Field(default=90, ge=0)
    evenkeel_keep_audit_days: int = Field(default=2190, ge=0)
    evenkeel_keep_unagreed_days: int = Field(default=30, ge=1)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str | None = None
    counselor_telegram_chat: str | None = None
    counselor_slack_channel: str | None = None

    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str = "gpt-4o-mini"

    @property
    def has_language_model(self) -> bool:
        return bool(self.openai_api_key or self.openai_base_url)


def read_settings() -> Settings:
    """Read and check the environment and `.env`. Raises ConfigurationError naming the variable;
    its value is left out, since it may be a secret."""
    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(
            f"{name} is not right: {first['msg'].removeprefix('Value error, ')}."
        ) from None


def reveal(secret: SecretStr | None) -> str | None:
    """The secret itself, for the one library call that needs it."""
    return secret.get_secret_value() if secret else None
