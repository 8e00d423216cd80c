"""gzip and zip written byte by byte, so that the same bytes come out everywhere and so that wrong ones can be made."""
import struct
import zlib


def deflate(data, level=9):
    engine = zlib.compressobj(level, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


def gz(data, name=None, level=9):
    """One gzip member without a time stamp (RFC 1952)."""
    flags = 8 if name else 0
    head = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, flags, 0, 2, 255)
    tail = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return head + (name.encode() + b"\0" if name else b"") + deflate(data, level) + tail


def zipped(members, **oddities):
    """A zip of (name, data) pairs, deflated, dated 1980-01-01 (APPNOTE 4.3).

    Oddities: stored=True, encrypted=True (only the flag and garbage), overlap=N (N names for the first member),
    claimed_size (a size that is not true), comment.
    """
    local, central, offset = b"", b"", 0
    repeats = oddities.get("overlap", 1)
    for name, data in members:
        packed = data if oddities.get("stored") else deflate(data)
        flags, method = (1 if oddities.get("encrypted") else 0), (0 if oddities.get("stored") else 8)
        packed = bytes(b ^ 0x5A for b in b"0123456789ab" + packed) if flags else packed
        size = oddities.get("claimed_size", len(data))
        fields = struct.pack("<HHHHHIII", 20, flags, method, 0, 33, zlib.crc32(data), len(packed), size)
        raw = name.encode()
        local += b"PK\3\4" + fields + struct.pack("<HH", len(raw), 0) + raw + packed
        for copy in range(repeats):
            title = raw if repeats == 1 else b"%03d-" % copy + raw
            central += (b"PK\1\2" + struct.pack("<H", 20) + fields +
                        struct.pack("<HHHHHII", len(title), 0, 0, 0, 0, 0, offset) + title)
        offset = len(local)
    entries, comment = len(members) * repeats, oddities.get("comment", b"")
    end = struct.pack("<HHHHIIH", 0, 0, entries, entries, len(central), len(local), len(comment))
    return local + central + b"PK\5\6" + end + comment
