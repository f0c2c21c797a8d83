"""Reads .orb files. Written from core/block/README.md alone, with nothing but Python's own library
(blocks compressed by Zstandard are checked, and their columns left alone)."""
import datetime
import decimal
import struct

MASK = (1 << 64) - 1
P1, P2, P3, P4, P5 = (
    0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5,
)
NARROW = {1: "B", 2: "H", 4: "I", 8: "Q"}


def rotate(x, bits):
    return (x << bits | x >> (64 - bits)) & MASK


def round_(accumulator, lane):
    return rotate((accumulator + lane * P2) & MASK, 31) * P1 & MASK


def xxh64(data, seed=0):
    at = 0
    if len(data) >= 32:
        lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed, (seed - P1) & MASK]
        for at in range(0, len(data) - 31, 32):
            lanes = [round_(a, v) for a, v in zip(lanes, struct.unpack_from("<4Q", data, at))]
        at += 32
        h = sum(rotate(a, bits) for a, bits in zip(lanes, (1, 7, 12, 18))) & MASK
        for a in lanes:
            h = ((h ^ round_(0, a)) * P1 + P4) & MASK
    else:
        h = (seed + P5) & MASK
    h = (h + len(data)) & MASK
    while at + 8 <= len(data):
        h = (rotate(h ^ round_(0, struct.unpack_from("<Q", data, at)[0]), 27) * P1 + P4) & MASK
        at += 8
    if at + 4 <= len(data):
        h = (rotate(h ^ struct.unpack_from("<I", data, at)[0] * P1 & MASK, 23) * P2 + P3) & MASK
        at += 4
    for byte in data[at:]:
        h = rotate(h ^ byte * P5 & MASK, 11) * P1 & MASK
    h = (h ^ h >> 33) * P2 & MASK
    h = (h ^ h >> 29) * P3 & MASK
    return h ^ h >> 32


class Damaged(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Damaged(what)


class Bytes:
    """Takes values off the front of some bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        require(self.at + size <= len(self.data), "cut short")
        self.at += size
        return self.data[self.at - size : self.at]

    def unpack(self, layout):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def narrow(self, width, count):
        return [0] * count if width == 0 else list(self.unpack(f"{count}{NARROW[width]}"))

    def texts(self, lengths):
        return [self.take(length) for length in lengths]

    def bits(self, count):
        data = self.take((count + 7) // 8)
        return [data[i // 8] >> i % 8 & 1 for i in range(count)]

    def at_end(self):
        return self.at == len(self.data)


class Column:
    def __init__(self, name, kind, scale):
        self.name, self.kind, self.scale = name, kind, scale
        self.values = None

    def value(self, raw):
        if self.kind == 1:
            return decimal.Decimal(raw).scaleb(-self.scale, decimal.Context(prec=40))
        if self.kind == 4:
            return bool(raw)
        if self.kind == 5:
            return Time(raw)
        return raw


class Time:
    def __init__(self, ns):
        self.ns = ns

    def __eq__(self, other):
        return isinstance(other, Time) and self.ns == other.ns

    def __repr__(self):
        start = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return str(start + datetime.timedelta(microseconds=self.ns // 1000))


def read_schema(data):
    count, time_column = data.unpack("HH")
    require(count >= 1, "no columns")
    columns = []
    for _ in range(count):
        kind, scale, size = data.unpack("BBH")
        require(kind <= 5 and scale <= (18 if kind == 1 else 0), "schema")
        columns.append(Column(data.take(size), kind, scale))
    require(data.at_end() and len({column.name for column in columns}) == count, "schema")
    return columns, None if time_column == 65535 else columns[time_column]


def read_values(column, rows, data):
    encoding, width, flags, zero, size = data.unpack("BBBBI")
    require(zero == 0 and flags <= 1, "column")
    data = Bytes(data.take(size))
    nulls = data.bits(rows) if flags & 1 else [0] * rows
    allowed = {0: (1,), 1: (1,), 2: (2,), 3: (4, 5), 4: (3,), 5: (1,)}[column.kind]
    require(encoding in allowed, "encoding")
    if encoding == 1:
        (base,) = data.unpack("q")
        values = [(base + number + 2**63) % 2**64 - 2**63 for number in data.narrow(width, rows)]
    elif encoding == 2:
        values = list(data.unpack(f"{rows}d"))
    elif encoding == 3:
        values = data.bits(rows)
    elif encoding == 4:
        values = data.texts(data.narrow(width, rows))
    else:
        (entries,) = data.unpack("I")
        dictionary = data.texts(data.narrow(4, entries))
        values = [dictionary[i] for i in data.narrow(width, rows)]
    require(data.at_end(), "bytes after a column")
    column.values = [None if null else column.value(v) for v, null in zip(values, nulls)]


class Block:
    def __init__(self, data, offset):
        self.offset = offset
        header = data.take(64)
        (magic, version, size, flags, self.rows, self.min_time, self.max_time, schema_size, stored,
         uncompressed, zero, checksum, header_checksum) = struct.unpack("<4sHHIIqqIIIIQQ", header)
        require((magic, version, size, zero) == (b"oRBk", 1, 64, 0), "block header")
        require(xxh64(header[:56]) == header_checksum, "header checksum")
        payload = data.take(schema_size + stored)
        require(xxh64(payload) == checksum, "checksum")
        self.size = 64 + len(payload)
        self.compressed, self.has_times = bool(flags & 1), bool(flags & 2)
        self.columns, time_column = read_schema(Bytes(payload[:schema_size]))
        if self.compressed:
            require(stored < uncompressed, "sizes")
            return
        require(stored == uncompressed, "sizes")
        values = Bytes(payload[schema_size:])
        for column in self.columns:
            read_values(column, self.rows, values)
        require(values.at_end(), "bytes after the columns")
        times = [t.ns for t in time_column.values if t is not None] if time_column else []
        require(self.has_times == bool(times), "times")
        require((self.min_time, self.max_time) == ((min(times), max(times)) if times else (0, 0)), "times")


def check_index(data, blocks):
    begin = data.at
    magic, version, count, rows = data.unpack("4sIQQ")
    require((magic, version, count) == (b"oRBi", 1, len(blocks)), "index")
    require(rows == sum(block.rows for block in blocks), "rows")
    for block in blocks:
        entry = data.unpack("QIIqqQ")
        require(entry == (block.offset, block.size, block.rows, block.min_time, block.max_time,
                          int(block.has_times)), "entry")
    (index_begin,) = data.unpack("Q")
    require(index_begin == begin, "where the index begins")
    require(data.unpack("Q")[0] == xxh64(data.data[begin : data.at - 8]), "checksum of the index")
    require(data.take(8) == b"\norb.end" and data.at_end(), "end")


def read_file(content):
    """The blocks of a file that was closed in good order."""
    data = Bytes(content)
    require(data.unpack("8sII") == (b"\x89ORB\r\n\x1a\n", 1, 0), "file header")
    blocks = []
    while content[data.at : data.at + 4] == b"oRBk":
        blocks.append(Block(data, data.at))
    check_index(data, blocks)
    return blocks


def read_rows(content):
    """All rows, each a dictionary by the columns' names."""
    rows = []
    for block in read_file(content):
        names = [column.name.decode() for column in block.columns]
        rows += [dict(zip(names, row)) for row in zip(*(column.values for column in block.columns))]
    return rows
