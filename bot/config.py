"""Every setting, from the environment (`DONGHANH_…`) or a mounted file (`DONGHANH_…_FILE`)."""

import os
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import ConfigError

PREFIX = "DONGHANH_"


def _data_home() -> Path:
    """Where an installation without settings keeps its database: XDG base directories."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "donghanh"


class Settings(BaseSettings):
    """What an operator may set. Each field's description is its line in docs/operate.md."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data_dir: Path = Field(
        default_factory=_data_home,
        description="Folder of the embedded database, its key and its backups.",
    )
    database_url: str = Field(
        default="",
        description="sqlite:////path/donghanh.db or postgresql://user@host/name. "
        "Empty: donghanh.db in the data folder.",
    )
    secret_key: str = Field(
        default="",
        description="Key that seals phones and tokens at rest; several, newest first, separated "
        "by commas, to change it. Empty: a key file in the data folder.",
        json_schema_extra={"secret": True},
    )
    public_url: str = Field(
        default="",
        description="The address delegates reach, https://…; links, webhooks and cookies come "
        "from it. Empty: the address this process listens on.",
    )
    http_host: str = Field(default="127.0.0.1", description="Address to listen on.")
    http_port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on.")
    trusted_proxies: str = Field(
        default="127.0.0.1, ::1",
        description="Addresses or networks, separated by commas, whose X-Forwarded-For is "
        "believed. Empty: nobody's.",
    )
    telegram_token: str = Field(
        default="",
        description="Token of the Telegram bot, as BotFather gave it. Empty: no Telegram.",
        json_schema_extra={"secret": True},
    )
    telegram_mode: Literal["webhook", "polling"] = Field(
        default="webhook",
        description="How Telegram's updates come: webhook needs a public HTTPS address, polling "
        "works anywhere and is for trying out.",
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        description="Any Bot API server, for instance a local one.",
    )
    telegram_rate: float = Field(
        default=30.0, gt=0, le=1000, description="Messages a second to Telegram, replies included."
    )
    zalo_app_id: str = Field(
        default="", description="Number of the app at Zalo for Developers. Empty: no Zalo."
    )
    zalo_app_secret: str = Field(
        default="",
        description="The app's secret key; it buys tokens.",
        json_schema_extra={"secret": True},
    )
    zalo_oa_secret_key: str = Field(
        default="",
        description="The OA Secret Key of the app's Webhook page, which signs events; several "
        "separated by commas. Empty: the app's secret.",
        json_schema_extra={"secret": True},
    )
    zalo_signed_first: Literal["app", "account"] = Field(
        default="app",
        description="What an event's proof begins with: the app's id, as documented, or the "
        "account's, as some report.",
    )
    zalo_api_url: str = Field(
        default="https://openapi.zalo.me", description="The Official Account API, or a fake of it."
    )
    zalo_oauth_url: str = Field(
        default="https://oauth.zaloapp.com",
        description="Where consent is given and tokens come from.",
    )
    zalo_business_url: str = Field(
        default="https://business.openapi.zalo.me",
        description="Where approved templates are sent to phone numbers.",
    )
    zalo_verifier_secret: str = Field(
        default="",
        description="A fixed verifier of 43 characters, when the console wants one code "
        "challenge. Empty: a fresh one for each consent.",
        json_schema_extra={"secret": True},
    )
    zalo_send_proof: bool = Field(
        default=False,
        description="Send a proof of the app's secret with each call, when the app's settings "
        "ask for it.",
    )
    zalo_rate: float = Field(
        default=40.0, gt=0, le=1000, description="Messages a second to Zalo, replies included."
    )
    zalo_buttons: bool = Field(
        default=True,
        description="Show choices as buttons. Off, or where Zalo refuses them: numbered lines.",
    )
    zalo_number_card: bool = Field(
        default=True,
        description="Link a delegate by the phone number she shares through Zalo's own card.",
    )
    zalo_strangers: Literal["welcome", "leave"] = Field(
        default="welcome",
        description="Who is not linked: welcomed by the assistant, or left to the account's own "
        "staff, on an account that serves the public.",
    )
    zalo_staff_minutes: int = Field(
        default=30,
        ge=0,
        le=1440,
        description="Minutes the assistant is silent where a person answered from the console.",
    )
    zalo_silent_hours: int = Field(
        default=6,
        ge=0,
        le=168,
        description="Hours without a word from Zalo during an event after which it is told. "
        "0: never.",
    )
    zalo_verifiers: str = Field(
        default="",
        description="What stands after zalo_verifier in the names of the console's files that "
        "prove a domain; several separated by commas.",
    )
    zalo_price: int = Field(
        default=55,
        ge=0,
        description="Price in dong of a message between 48 hours and seven days, for forecasts.",
    )
    webchat_rate: float = Field(
        default=500.0, gt=0, le=5000, description="Messages a second to web chat pages."
    )
    simulator: bool = Field(
        default=False,
        description="Development only: the page on which anybody may be any sample person.",
    )
    demo_key: str = Field(
        default="",
        description="Key the simulator asks for when it listens on more than this machine.",
        json_schema_extra={"secret": True},
    )
    retention_days: int = Field(
        default=30,
        ge=0,
        le=365,
        description="Days after an event's end from which `privacy purge` deletes its people; "
        "delegates are shown the day.",
    )
    message_days: int = Field(
        default=7,
        ge=0,
        le=90,
        description="Days after an event's end from which its conversations are deleted "
        "without anybody's doing.",
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto",
        description="Log lines for programs or for people; auto looks at the output.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is worth a log line."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, written: str) -> str:
        """A star would let everybody choose the address she is counted under."""
        for one in filter(None, (part.strip() for part in written.split(","))):
            ip_network(one)
        return written

    @property
    def zalo_signing_keys(self) -> tuple[str, ...]:
        """What may have signed an event: sources disagree on which key the console shows."""
        given = (key.strip() for key in self.zalo_oa_secret_key.split(","))
        return tuple(key for key in given if key) or tuple(filter(None, (self.zalo_app_secret,)))

    @property
    def database(self) -> str:
        """The database's address, the embedded default included."""
        return self.database_url or f"sqlite:///{self.data_dir / 'donghanh.db'}"

    @property
    def base_url(self) -> str:
        """What every link begins with, without a slash at the end."""
        return self.public_url.rstrip("/") or self.local_url

    @property
    def local_url(self) -> str:
        """Where this machine reaches what listens; "any address" is not one to call."""
        try:
            address = ip_address(self.http_host)
        except ValueError:
            return f"http://{self.http_host}:{self.http_port}"  # a name
        if address.is_unspecified:
            address = ip_address("127.0.0.1" if address.version == 4 else "::1")
        host = f"[{address}]" if address.version == 6 else str(address)
        return f"http://{host}:{self.http_port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, MountedFiles(settings_cls)


class MountedFiles(PydanticBaseSettingsSource):
    """`DONGHANH_SECRET_KEY_FILE=/run/secrets/key`: how containers hand over secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        return (Path(path).read_text().strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}


def load(**overrides: Any) -> Settings:
    """The settings of this process; raises ConfigError naming every wrong one at once."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg']}." for one in error.errors()]
        raise ConfigError("Some settings are wrong.\n" + "\n".join(lines)) from None
    except OSError as error:
        raise ConfigError(f"A mounted settings file cannot be read: {error.filename}.") from None


def secret_fields() -> frozenset[str]:
    """The settings whose values are never shown."""
    return frozenset(
        name
        for name, field in Settings.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("secret")
    )
