"""A compressed answer made of a part that is compressed already and a part of its own, without compressing the first one again.

A paper is the same for a whole room and is packed once; what stands behind it belongs to one candidate. The paper begins the stream and is flushed,
which ends it on a byte. For gzip (RFC 1951, RFC 1952) what follows is packed by itself, as deflate blocks that look back at nothing; for brotli
(RFC 7932) it stands in the stream uncompressed.
"""

import struct
import zlib
from dataclasses import dataclass

import brotli

RAW = -zlib.MAX_WBITS
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
TRAILER = struct.Struct("<II")
SIZE_MASK = 0xFFFFFFFF

BROTLI_QUALITY = 11
LEAST_WINDOW, LARGEST_WINDOW = 10, 24  # bits
LARGEST_RAW = 1 << 24
FEWEST_NIBBLES, NIBBLE, BYTE = 4, 4, 8  # of a length; bits in each; bits
NIBBLES_AT, LENGTH_AT = 1, 3  # bits before the number of nibbles beyond the fewest, and before the length less one
BROTLI_END = b"\x03"
"""An empty last block."""


@dataclass(frozen=True, slots=True)
class GzipBeginning:
    """The beginning of a gzip member, and of what is unpacked of it what the member's end has to tell."""

    packed: bytes
    checksum: int
    size: int


def gzip_beginning(plain: bytes) -> GzipBeginning:
    """Pack `plain` as the beginning of a gzip member, once for all answers that begin with it."""
    packer = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, RAW)
    return GzipBeginning(HEADER + packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH), zlib.crc32(plain), len(plain))


def gzip_of(beginning: GzipBeginning, own: bytes) -> bytes:
    """Return what a beginning holds, with `own` behind it, as one gzip member."""
    packer = zlib.compressobj(zlib.Z_BEST_SPEED, zlib.DEFLATED, RAW)
    trailer = TRAILER.pack(zlib.crc32(own, beginning.checksum), (beginning.size + len(own)) & SIZE_MASK)
    return b"".join([beginning.packed, packer.compress(own), packer.flush(), trailer])


def brotli_beginning(plain: bytes) -> bytes:
    """Pack `plain` as the beginning of a brotli stream, once for all answers that begin with it. Takes about a tenth of a second."""
    window = min(max(LEAST_WINDOW, len(plain).bit_length() + 1), LARGEST_WINDOW)
    packer = brotli.Compressor(quality=BROTLI_QUALITY, lgwin=window)
    return b"".join([packer.process(plain), packer.flush()])


def brotli_of(beginning: bytes, own: bytes) -> bytes:
    """Return what a beginning holds, with `own` behind it, as one brotli stream."""
    pieces = [own[start : start + LARGEST_RAW] for start in range(0, len(own), LARGEST_RAW)]
    return b"".join([beginning, *(_raw_header(len(piece)) + piece for piece in pieces), BROTLI_END])


def _raw_header(size: int) -> bytes:
    """Return what stands before `size` bytes, one to 2^24, that are not compressed (RFC 7932, 9.2): its bits are filled up to whole bytes."""
    nibbles = max(FEWEST_NIBBLES, -(-(size - 1).bit_length() // NIBBLE))
    raw_at = LENGTH_AT + nibbles * NIBBLE
    bits = (nibbles - FEWEST_NIBBLES) << NIBBLES_AT | (size - 1) << LENGTH_AT | 1 << raw_at
    return bits.to_bytes(raw_at // BYTE + 1, "little")
