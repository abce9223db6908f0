"""Certificates for servers on loopback, of an authority that is not trusted by default."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from homeassistant.util import ssl as ssl_util

_FILE = "server.pem"
_DAY = timedelta(days=1)


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def server_context(folder: Path, name: str, *, days: int) -> ssl.SSLContext:
    """Return what a server of this name or address needs, for so many days from now on.

    Its certificate is its own authority's, and `trusting` the folder lets it be believed.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 3650 * _DAY)
        .not_valid_after(now + days * _DAY)
        .add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / _FILE
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


def trusting_context(folder: Path) -> ssl.SSLContext:
    """Return a context as Home Assistant makes it for its clients, which trusts the server of this folder as well."""
    context = ssl_util.create_client_context()
    context.load_verify_locations(folder / _FILE)
    return context


@contextmanager
def trusting(context: ssl.SSLContext) -> Generator[None]:
    """Let Home Assistant's sessions that begin now verify what they meet by this context."""
    with patch.object(ssl_util, "client_context", lambda *_: context):
        yield
