"""Addresses without Pushover: a name that does not exist, and servers on loopback with another protocol."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
import socket
import ssl
import struct

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from homeassistant.util import dt as dt_util

_LOOPBACK = "127.0.0.1"

type _Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def nowhere(_folder: Path, _received: bytearray) -> AsyncGenerator[str]:
    """Give an address whose name is never registered (RFC 6761)."""
    yield "http://pushover.invalid/"


@asynccontextmanager
async def self_signed(folder: Path, received: bytearray) -> AsyncGenerator[str]:
    """Serve TLS with a self-signed certificate."""
    context = await asyncio.to_thread(_own_certificate, folder)

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writer.start_tls(context)
        received.extend(await reader.read())

    async with _serving(listen) as port:
        yield f"https://{_LOOPBACK}:{port}/"


@asynccontextmanager
async def no_tls(_folder: Path, received: bytearray) -> AsyncGenerator[str]:
    """Answer a TLS greeting with something else."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read(1))
        writer.write(b"garbage\r\n" * 10)
        writer.close()

    async with _serving(babble) as port:
        yield f"https://{_LOOPBACK}:{port}/"


@asynccontextmanager
async def silent(_folder: Path, received: bytearray) -> AsyncGenerator[str]:
    """Take a connection, and never answer its TLS greeting."""

    async def wait(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read())

    async with _serving(wait) as port:
        yield f"https://{_LOOPBACK}:{port}/"


@asynccontextmanager
async def reset(_folder: Path, _received: bytearray) -> AsyncGenerator[str]:
    """Reset every connection as soon as it is there."""

    async def drop(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _send_reset(writer)

    async with _serving(drop) as port:
        yield f"http://{_LOOPBACK}:{port}/"


@asynccontextmanager
async def reset_greeting(_folder: Path, received: bytearray) -> AsyncGenerator[str]:
    """Reset every connection when its TLS greeting is there."""

    async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend(await reader.read(1))
        _send_reset(writer)

    async with _serving(drop) as port:
        yield f"https://{_LOOPBACK}:{port}/"


def _send_reset(writer: asyncio.StreamWriter) -> None:
    # Closing with a linger time of zero sends RST instead of FIN.
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def _serving(talk: _Talk) -> AsyncGenerator[int]:
    async def talk_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except OSError, asyncio.CancelledError:
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(talk_and_close, _LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()


def _own_certificate(folder: Path) -> ssl.SSLContext:
    """Return a server's context with a certificate for loopback, signed by itself and valid now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _LOOPBACK)])
    now = dt_util.utcnow()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(_LOOPBACK))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
