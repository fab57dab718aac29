"""How the Bot API reads parameters and writes answers."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fakes.telegram_rules import RefusedError
from tests.fakes.telegram_world import Upload


async def read_fields(request: web.Request) -> dict[str, Any]:
    """The parameters, however they came: JSON, a form, an upload, the address."""
    if request.content_type == "application/json":
        try:
            given = await request.json()
        except ValueError:
            raise RefusedError(400, "Bad Request: can't parse parameters") from None
        if not isinstance(given, dict):
            raise RefusedError(400, "Bad Request: JSON object expected")
        return given
    fields: dict[str, Any] = dict(request.query)
    for name, value in (await request.post()).items():
        fields[name] = value
        if isinstance(value, web.FileField):
            fields[name] = Upload(value.filename, value.content_type, value.file.read())
    return fields


def ok(result: Any) -> web.Response:
    """A result."""
    return web.json_response({"ok": True, "result": result})


def refusal(refused: RefusedError) -> web.Response:
    """A refusal as the service writes it."""
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refused.status,
        "description": refused.said,
    }
    if refused.retry_after is not None:
        body["parameters"] = {"retry_after": refused.retry_after}
    return web.json_response(body, status=refused.status)


def too_many(seconds: float) -> RefusedError:
    """A 429 with the whole seconds to wait."""
    wait = max(1, int(seconds + 0.999))
    return RefusedError(429, f"Too Many Requests: retry after {wait}", wait)


def reset(request: web.Request) -> None:
    """Cuts the line without a word."""
    if request.transport is not None:
        request.transport.abort()


def certificate(folder: Path) -> ssl.SSLContext:
    """HTTPS for this machine. Who trusts `cert.pem` in the folder (SSL_CERT_FILE) trusts it."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(made.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
