"""Environment and `.env` in, one frozen value out.  Read once, by `studio`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gravix_core.errors import SettingsError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Settings(BaseSettings):
    """Every variable that Gravix knows, by its name in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # a rejected value may be a secret
        use_attribute_docstrings=True,
    )

    gravix_data_dir: Path = Path("data")
    """Where Gravix keeps everything: database, videos, reels."""
    api_host: str = Field(default="localhost", min_length=1)
    """Address that the dashboard listens on.  Anything but localhost needs a login."""
    api_port: int = Field(default=8501, ge=1, le=65535)
    """Port of the dashboard."""
    debug: bool = False
    """Log everything, whatever LOG_LEVEL says."""
    database_url: SecretStr = SecretStr("")
    """Default: gravix.db in the data directory.  A SQLite file must lie on a local disk."""
    videos_dir: Path = Path()
    """Default: videos in the data directory.  Sources and reels, by id."""
    gravix_folder_dir: Path = Path()
    """Default: folder in the data directory.  "Put into the folder" writes approved reels there."""
    gravix_max_upload_mb: int = Field(default=1024, ge=1)
    """Largest file that the dashboard takes, in MB of 1024 * 1024 bytes."""
    gravix_max_duration: float = Field(default=14400, ge=3)
    """Longest video that is downloaded, in seconds."""
    gravix_max_download_bytes: int = Field(default=10_000_000_000, ge=1_000_000)
    """Largest video that is downloaded."""
    gravix_allow_direct_urls: bool = False
    """Also take links to video files on other hosts than YouTube.  Whoever uses the dashboard can
    then have this computer ask any public address."""
    gravix_stt_model: str = ""
    """Model for speech recognition on this computer, for videos without captions: a name such as
    base, or a folder.  Needs the extra [stt]; a name is downloaded when it is first used."""
    facebook_app_id: str = ""
    """Of your app at developers.facebook.com; for connecting Instagram."""
    facebook_app_secret: SecretStr = SecretStr("")
    """Of the same app."""
    facebook_redirect_uri: str = ""
    """Default: http://localhost:<API_PORT>/api/social/facebook/callback."""
    graph_api_version: str = Field(default="v25.0", pattern=r"^v\d{1,3}\.\d$")
    """Version of Meta's Graph API.  One that has expired is accepted; Meta then serves another."""
    gravix_login_config_id: str = Field(default="", pattern=r"^\d*$")
    """Of a configuration of Facebook Login for Business; it takes the place of the permissions."""
    gravix_graph_url: str = "https://graph.facebook.com"
    """Where Meta's Graph API is.  Tokens go there and to GRAVIX_RUPLOAD_URL alone."""
    gravix_dialog_url: str = "https://www.facebook.com"
    """Where Facebook asks for your consent."""
    gravix_rupload_url: str = "https://rupload.facebook.com"
    """Where Meta takes uploads."""
    gravix_public_url: str = ""
    """The address at which the internet reaches this dashboard, such as https://reels.example.
    Where sending a reel fails, Instagram then fetches it from there; nothing else is shown there.
    Empty: reels are always sent."""
    gravix_secret_key: SecretStr = SecretStr("")
    """Seals tokens in the database; several are divided by commas, the newest first.  Default: a
    key file in the data directory."""
    gravix_sandbox: bool = False
    """Every page says SANDBOX; `make sandbox` sets it."""
    gemini_api_key: SecretStr = SecretStr("")
    """Empty: text is written by the `basic` provider, without any network."""
    gemini_model: str = Field(default="gemini-3.5-flash-lite", min_length=1)
    """Name of the Gemini model."""
    gravix_gemini_frames: int = Field(default=2, ge=0, le=2)
    """Small pictures of each reel that go to Gemini with its words; 0: none."""
    google_gemini_base_url: str = ""
    """Another address of the Gemini API, such as a proxy."""
    redis_url: SecretStr = SecretStr("")
    """Only for several machines; may hold a password."""
    redis_host: str = ""
    """Instead of REDIS_URL."""
    redis_port: int = Field(default=6379, ge=1, le=65535)
    """With REDIS_HOST."""
    chunk_duration: float = Field(default=35, ge=3, le=900)
    """Seconds of the source per reel; the bounds are Instagram's for reels, read 2026-11-22."""
    gravix_cut: str = Field(default="sentences", pattern=r"^(sentences|fixed)$")
    """sentences: at ends of sentences and in pauses, within 5/7 and 9/7 of CHUNK_DURATION (25 to 45
    seconds).  fixed: exactly at every CHUNK_DURATION."""
    reel_width: int = Field(default=1080, ge=180, le=1920, multiple_of=2)
    """Pixels; Instagram takes up to 1920 columns."""
    reel_height: int = Field(default=1920, ge=320, le=3840, multiple_of=2)
    """Pixels."""
    gravix_reel_fps: int = Field(default=30, ge=23, le=60)
    """Frames per second of every reel; Instagram takes 23 to 60."""
    gravix_encoder: str = Field(
        default="x264", pattern=r"^(x264|auto|videotoolbox|nvenc|qsv|vaapi|amf)$"
    )
    """x264: by the processor.  auto: by the graphics card where a trial at start succeeds.  Or
    force one: videotoolbox, nvenc, qsv, vaapi, amf."""
    gravix_subtitle_font: str = ""
    """A font file for subtitles in scripts that Gravix has no font for, such as Chinese."""
    gravix_workers: int = Field(default=3, ge=1, le=16)
    """Jobs at once in each process; how many of one kind, such as renders, holds over all.  More
    than the two downloads, so that these never keep every reel waiting."""
    gravix_renders: int = Field(default=1, ge=1, le=16)
    """Reels rendered at once, in all processes.  A render uses every core and about 300 MB: with
    two at once the first one is there later, and the last one hardly sooner."""
    ffmpeg_path: str = ""
    """Default: the ffmpeg that comes with the imageio-ffmpeg package."""
    ffprobe_path: str = ""
    """Accepted and not needed."""
    yt_dlp_path: str = ""
    """Accepted and not needed."""
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """JSON list of further web origins that may use the API, such as ["https://me.example"]."""
    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    """What the dashboard logs in its terminal: DEBUG, INFO, WARNING or ERROR."""

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _json_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise ValueError('must be a JSON list such as ["https://me.example"]')
        return tuple(found)

    @field_validator("gravix_graph_url", "gravix_dialog_url", "gravix_rupload_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return _web_address(value)

    @field_validator("gravix_public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        if set(value) & set("?#\\") or not value.isascii() or not value.isprintable():
            raise ValueError("must be a plain address")
        return value and _web_address(value)

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _fill_paths(cls, values: dict[str, Any]) -> dict[str, Any]:
        root = _folder(values.get("gravix_data_dir") or "data")
        port = values.get("api_port") or 8501
        callback = f"http://localhost:{port}/api/social/facebook/callback"
        return {
            **values,
            "gravix_data_dir": root,
            "database_url": values.get("database_url") or _sqlite(root / "gravix.db"),
            "videos_dir": _folder(values.get("videos_dir") or root / "videos"),
            "gravix_folder_dir": _folder(values.get("gravix_folder_dir") or root / "folder"),
            "facebook_redirect_uri": values.get("facebook_redirect_uri") or callback,
        }

    @classmethod
    def load(cls, *, data_dir: Path | None = None, env_file: Path | None = Path(".env")) -> Self:
        """Read the environment; what is absent takes its default.

        Args:
            data_dir: Wins over GRAVIX_DATA_DIR, DATABASE_URL and VIDEOS_DIR.
            env_file: Read beside the environment, which wins.

        Raises:
            SettingsError: A value cannot be used.  The message names it, never shows it.
        """
        given: dict[str, Any] = {}
        if data_dir is not None:
            root = data_dir.absolute()
            given = {
                "gravix_data_dir": root,
                "database_url": _sqlite(root / "gravix.db"),
                "videos_dir": root / "videos",
            }
        try:
            return cls(_env_file=env_file, **given)
        except ValidationError as exc:
            found = "; ".join(f"{_variable(e['loc'])}: {e['msg']}" for e in exc.errors())
            raise SettingsError(found) from None
        except UnicodeDecodeError:
            raise SettingsError(f"{env_file} is not a UTF-8 text file") from None

    def secrets(self) -> tuple[str, ...]:
        """Values that nobody may read in a log: the passwords alone of what are addresses."""
        addresses = (self.database_url, self.redis_url)
        passwords = [urlsplit(one.get_secret_value()).password or "" for one in addresses]
        values = [
            value.get_secret_value()
            for name, value in self
            if isinstance(value, SecretStr) and name not in {"database_url", "redis_url"}
        ]
        return tuple(secret for secret in (*values, *passwords) if secret)

    @property
    def has_gemini(self) -> bool:
        return bool(self.gemini_api_key.get_secret_value())

    @property
    def has_facebook(self) -> bool:
        return bool(self.facebook_app_id and self.facebook_app_secret.get_secret_value())


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    near = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or near)) or parts.query:
        raise ValueError("must be an https address (http on this computer alone)")
    if "@" in parts.netloc:
        raise ValueError("must hold no login")
    if parts.port == 0:  # one that is none raises
        raise ValueError("must have a port that there is")
    return value.rstrip("/")


def _folder(value: str | Path) -> Path:
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise ValueError(f"{str(value).partition('/')[0]} names nobody on this machine") from None


def _sqlite(file: Path) -> str:
    """An address of `file`, whatever characters its folders have."""
    return f"sqlite:///{quote(file.as_posix(), safe='/:')}"


def _variable(loc: tuple[int | str, ...]) -> str:
    return str(loc[0]).upper() if loc else "settings"
