"""One Settings object: flags win over the environment, the environment over ``aggregator.toml``.

The file is looked for in the working directory, or where ``AGGREGATOR_CONFIG`` says. Every field below is
also an environment variable: ``data`` is ``AGGREGATOR_DATA``, and so on.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from aggregator import __version__
from aggregator.errors import FixCommandError, FixFileError

ENVIRONMENT_PREFIX = "AGGREGATOR_"
DEFAULT_INDEX_NAME = "persian-news"
_INDEX_ADDRESS = (
    "an index is 'local', or the address of an Elasticsearch cluster: "
    f"https://host:9200 or https://host:9200/{DEFAULT_INDEX_NAME}"
)


class Settings(BaseSettings):
    """What a run needs to know. Frozen once it is loaded."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, frozen=True, extra="forbid")

    data: Path = Field(default_factory=lambda: user_data_path("persian-news-aggregator", appauthor=False))
    """Folder of the database, the page archive and the local index."""
    database: str = ""
    """SQLAlchemy URL; empty: ``aggregator.sqlite3`` in ``data``."""
    index: str = "local"
    """``local``: a tantivy index in ``data``; else ``http(s)://host:port/name`` of an Elasticsearch cluster,
    several hosts parted by commas. Without a name it is ``persian-news``. Never with a password in it."""
    elasticsearch_api_key: SecretStr = SecretStr("")
    """Encoded API key."""
    elasticsearch_username: str = ""
    """For a cluster that is entered with a user name; the password is the next one."""
    elasticsearch_password: SecretStr = SecretStr("")
    """Likewise."""
    elasticsearch_secret_file: Path | None = None
    """A file with the API key, or with the password where a user name is given: instead of these two."""
    elasticsearch_ca: Path | None = None
    """PEM file of the authority that signed the cluster's certificate; by default those of the system."""
    elasticsearch_shards: int = Field(default=1, ge=1, le=1024)
    """Shards of an index that is made; see docs/operations.md for how many."""
    sources: Annotated[tuple[Path, ...], NoDecode] = ()
    """Folders with the user's own YAML files; in the environment parted like PATH."""
    contact: str = ""
    """E-mail or address that the user agent tells to the sites' owners."""
    delay: float = Field(default=1.0, ge=0, le=3600)
    """Seconds between two requests to one site; AutoThrottle may make it longer, never shorter."""
    concurrency: int = Field(default=8, ge=1, le=256)
    """Requests under way at once, over all sites."""
    concurrency_per_site: int = Field(default=2, ge=1, le=64)
    """Requests under way at once to one site."""
    sites_at_once: int = Field(default=8, ge=1, le=256)
    """Sources crawled at the same time."""
    timeout: float = Field(default=60, gt=0, le=3600)
    """Seconds until a download is given up."""
    stop_after_known: int = Field(default=30, ge=1)
    """A listing is left when so many links in a row were already known to a finished crawl."""
    revisits: int = Field(default=200, ge=0)
    """Known pages that one crawl of a source looks at again, at most, of those that are due."""
    revisit_factor: float = Field(default=1.0, ge=0, le=1000)
    """Factor on the times between two looks at a known page; 0: all are due at every crawl."""
    confirm_deletion_after: float = Field(default=3.0, ge=0, le=365)
    """Days after which a page that was gone is looked at once more, before its article counts as deleted."""
    archive: bool = True
    """Whether fetched pages are kept in WARC files."""
    archive_file_size: int = Field(default=512_000_000, ge=1_000_000)
    """Bytes after which the archive begins a new file."""
    web_token: SecretStr = SecretStr("")
    """What readers of ``aggregator serve`` have to know; empty: nobody is asked."""
    web_rate: int = Field(default=1200, ge=0, le=1_000_000)
    """Requests a minute that ``serve`` answers one client; 0: any number."""
    web_address: str = ""
    """Where readers reach ``serve``, for links in alerts: ``https://news.example.org/``; empty: no links."""
    smtp_host: str = ""
    """Mail server for alerts by e-mail; empty: none are sent."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    """Its port."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection to it is secured; ``tls`` from its beginning, mostly at port 465."""
    smtp_ca: Path | None = None
    """PEM file of the authority that signed its certificate; by default those of the system."""
    smtp_username: str = ""
    """For a mail server that wants a log-in."""
    smtp_password: SecretStr = SecretStr("")
    """Likewise."""
    smtp_password_file: Path | None = None
    """A file with the password, instead of it."""
    smtp_sender: str = ""
    """Sender of the e-mails: an address, or ``name <address>``."""

    @field_validator("index")
    @classmethod
    def _known_index(cls, value: str) -> str:
        if value != "local":
            read_address(value)
        return value

    @field_validator("web_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value and len(value.get_secret_value()) < 16:
            raise ValueError("a token of fewer than 16 characters could be guessed")
        return value

    @field_validator("web_address")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("write it as https://news.example.org/")
        return value.rstrip("/")

    @field_validator("data")
    @classmethod
    def _expand_data(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("sources", mode="before")
    @classmethod
    def _split_sources(cls, value: Any) -> Any:
        return [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @field_validator("sources")
    @classmethod
    def _expand_sources(cls, value: tuple[Path, ...]) -> tuple[Path, ...]:
        return tuple(path.expanduser() for path in value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_path())

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database or f"sqlite:///{self.data / 'aggregator.sqlite3'}"

    @property
    def archive_dir(self) -> Path:
        """Folder of the WARC files."""
        return self.data / "archive"

    @property
    def index_dir(self) -> Path:
        """Folder of the local index."""
        return self.data / "index"

    @property
    def user_agent(self) -> str:
        """Says honestly what asks, and how to reach who runs it."""
        contact = f"; +{self.contact}" if self.contact else ""
        return f"persian-news-aggregator/{__version__} (news archive{contact})"


def read_address(value: str) -> tuple[tuple[str, ...], str]:
    """Hosts and index name of an ``http(s)://…`` index. ValueError for what is none; it never repeats it."""
    hosts, name = [], ""
    for part in value.split(","):
        try:
            url = urlsplit(part.strip())
            port = url.port or (443 if url.scheme == "https" else 9200)
        except ValueError:
            raise ValueError(_INDEX_ADDRESS) from None
        if "@" in unquote(part):
            raise ValueError(
                "an address with a password would be seen by others: give it in "
                "AGGREGATOR_ELASTICSEARCH_USERNAME and …_PASSWORD, or …_API_KEY"
            )
        if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment:
            raise ValueError(_INDEX_ADDRESS)
        hosts.append(f"{url.scheme}://{f'[{url.hostname}]' if ':' in url.hostname else url.hostname}:{port}")
        name = url.path.strip("/") or name
    name = name or DEFAULT_INDEX_NAME
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,200}", name):
        raise ValueError(
            "an index name has small Latin letters, digits, and . _ - after the first of them: "
            f"https://host:9200/{DEFAULT_INDEX_NAME}"
        )
    return tuple(hosts), name


def config_path() -> Path:
    """Where the configuration file is, or would be."""
    return Path(os.environ.get(f"{ENVIRONMENT_PREFIX}CONFIG", "aggregator.toml"))


def load_settings(**flags: Any) -> Settings:
    """The settings in force. Flags that are None were not given.

    Raises FixFileError where the file cannot be read, FixCommandError where a value makes no sense.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    path = config_path()
    if f"{ENVIRONMENT_PREFIX}CONFIG" in os.environ and not path.is_file():
        raise FixCommandError(f"AGGREGATOR_CONFIG names {path}, which is no file")
    try:
        return Settings(**given)
    except ValidationError as error:
        raise FixCommandError(_explain(error)) from None
    except (ValueError, OSError) as error:  # the TOML itself, an environment value that is no JSON list
        raise FixFileError(str(error), path=path if path.is_file() else None) from None


def _explain(error: ValidationError) -> str:
    """Each wrong setting in one line: its name, what is wrong, and where it can be set."""
    lines = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            message = f"there is no such setting; there are {', '.join(Settings.model_fields)}"
        lines.append(
            f"setting '{name}': {message} (flag, {ENVIRONMENT_PREFIX}{name.upper()} or aggregator.toml)"
        )
    return "\n".join(lines)
