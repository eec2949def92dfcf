"""A compressed answer made of a part of its own and a part that is compressed already, without compressing that one again.

A paper is the same for a whole room and is packed once; what stands before it belongs to one candidate. Deflate blocks that end on a byte and look
back at nothing can stand one after the other, so both make one ordinary gzip member (RFC 1951, RFC 1952).
"""

import struct
import zlib
from dataclasses import dataclass

RAW = -zlib.MAX_WBITS
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
TRAILER = struct.Struct("<II")
SIZE_MASK = 0xFFFFFFFF


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
