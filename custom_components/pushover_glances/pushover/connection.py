"""Finds out from aiohttp's errors why there is no connection."""

import os
import ssl

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ConnectionTimeoutError,
)

from .errors import CannotConnectError, ConnectionProblem


def connection_error(error: ClientConnectorError | ConnectionTimeoutError) -> CannotConnectError:
    """Return the error that names the cause, without anything of the request."""
    match error:
        case ConnectionTimeoutError() | ClientConnectorError(os_error=TimeoutError()):
            return CannotConnectError(ConnectionProblem.TIMEOUT)
        case ClientConnectorDNSError():
            return CannotConnectError(ConnectionProblem.DNS)
        case ClientConnectorCertificateError(certificate_error=ssl.SSLCertVerificationError() as cause):
            return CannotConnectError(ConnectionProblem.CERTIFICATE, cause.verify_message.rstrip("."))
        case ClientConnectorSSLError():
            return CannotConnectError(ConnectionProblem.TLS)
        case ClientConnectorError(os_error=ConnectionRefusedError()):
            return CannotConnectError(ConnectionProblem.REFUSED)
    number = error.os_error.errno
    return CannotConnectError(ConnectionProblem.OTHER, os.strerror(number) if number else "")
