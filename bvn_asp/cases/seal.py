"""A seal over a record: that it is as somebody with the key left it. Needs `pip install 'bvn-asp[seal]'`.

Ed25519 (RFC 8032) by the `cryptography` library, over the record's canonical JSON without the seal itself. Keys are PEM
files, as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bvn_asp.errors import Place, fault


def sealed(record: Mapping[str, Any], key: Path) -> dict[str, Any]:
    """The record with a seal by a private key.

    Raises: InputError: no such key, or of another kind; the library is not installed.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(_read(key), None)
    except (ValueError, TypeError):
        raise fault("not a private key", _HINT, Place(str(key))) from None
    if not isinstance(found, Ed25519PrivateKey):
        raise fault("the key is of another kind than Ed25519", _HINT, Place(str(key)))
    return {**record, "seal": base64.b64encode(found.sign(_bytes(record))).decode()}


def is_sealed(record: Mapping[str, Any], key: Path) -> bool:
    """Whether the record bears a seal by the private key that belongs to a public one, over just what it holds.

    Raises: InputError: no such key, or of another kind; the library is not installed.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(_read(key))
    except ValueError:
        raise fault("not a public key", "openssl pkey -in key.pem -pubout -out public.pem", Place(str(key))) from None
    if not isinstance(found, Ed25519PublicKey):
        raise fault("the key is of another kind than Ed25519", _HINT, Place(str(key)))
    try:
        found.verify(base64.b64decode(record.get("seal") or "", validate=True), _bytes(record))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


_HINT = "openssl genpkey -algorithm ed25519 -out key.pem"


def _bytes(record: Mapping[str, Any]) -> bytes:
    kept = {key: value for key, value in record.items() if key != "seal"}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise fault(f"cannot read the file: {(error.strerror or '').lower()}", place=Place(str(path))) from None
