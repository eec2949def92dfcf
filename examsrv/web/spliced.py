"""A compressed answer made of a part that is compressed already and a part of its own, without compressing the first one again.

A paper is the same for a whole room and is packed once; what stands behind it belongs to one candidate. For gzip (RFC 1951, RFC 1952) both are
deflate blocks that end on a byte and look back at nothing, one after the other in one ordinary member. For brotli (RFC 7932) the paper begins the
stream and is flushed, which ends it on a byte; what follows stands in it uncompressed.
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
class Packed:
    """Bytes as deflate blocks that can stand anywhere in a stream, with what they are when unpacked."""

    plain: bytes
    blocks: bytes


def packed(plain: bytes, level: int = zlib.Z_BEST_COMPRESSION) -> Packed:
    """Pack `plain`, once for all answers that hold it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, RAW)
    return Packed(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


def gzip_of(*parts: Packed) -> bytes:
    """Return the parts, one after the other, as one gzip member."""
    checksum = size = 0
    for part in parts:
        checksum, size = zlib.crc32(part.plain, checksum), size + len(part.plain)
    return b"".join([HEADER, *(part.blocks for part in parts), LAST_BLOCK, TRAILER.pack(checksum, size & SIZE_MASK)])


LAST_BLOCK = zlib.compressobj(zlib.Z_BEST_SPEED, zlib.DEFLATED, RAW).flush(zlib.Z_FINISH)


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
