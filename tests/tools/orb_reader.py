"""Reads .orb files. Written from core/block/README.md alone, with nothing but Python's own library
(blocks compressed by Zstandard are checked, and their columns left alone)."""
import datetime
import decimal
import struct

MASK = (1 << 64) - 1
NARROW = {1: "B", 2: "H", 4: "I", 8: "Q"}

# XXH3's default secret, and the primes of the xxHash family.
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
    "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
)
P32 = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
P64 = (
    0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5,
)


def fold(a, b):
    return a * b & MASK ^ a * b >> 64


def avalanche(h):
    h = (h ^ h >> 37) * 0x165667919E3779F9 & MASK
    return h ^ h >> 32


def mix(data, at, secret_at):
    a, b = struct.unpack_from("<2Q", data, at)
    c, d = struct.unpack_from("<2Q", SECRET, secret_at)
    return fold(a ^ c, b ^ d)


def xxh3_of_few(data):
    """For 4 to 16 bytes; nothing in a file is shorter."""
    size = len(data)
    require(size >= 4, "cut short")
    if size > 8:
        first, last = struct.unpack_from("<Q", data)[0], struct.unpack_from("<Q", data, size - 8)[0]
        a, b, c, d = struct.unpack_from("<4Q", SECRET, 24)
        low, high = first ^ a ^ b, last ^ c ^ d
        swapped = int.from_bytes(low.to_bytes(8, "little"), "big")
        return avalanche(size + swapped + high + fold(low, high) & MASK)
    first, last = struct.unpack_from("<I", data)[0], struct.unpack_from("<I", data, size - 4)[0]
    a, b = struct.unpack_from("<2Q", SECRET, 8)
    h = last + (first << 32) ^ a ^ b
    h ^= (h << 49 | h >> 15) & MASK ^ (h << 24 | h >> 40) & MASK
    h = h * 0x9FB21C651E98DF25 & MASK
    h = (h ^ (h >> 35) + size) * 0x9FB21C651E98DF25 & MASK
    return h ^ h >> 28


def xxh3(data):
    """XXH3 of 64 bits with seed 0."""
    size = len(data)
    if size <= 16:
        return xxh3_of_few(data)
    if size > 240:
        return xxh3_of_many(data)
    h = size * P64[0]
    if size <= 128:
        for i in range((size - 1) // 32 + 1):
            h += mix(data, 16 * i, 32 * i) + mix(data, size - 16 * (i + 1), 32 * i + 16)
        return avalanche(h & MASK)
    for i in range(8):
        h += mix(data, 16 * i, 16 * i)
    h = avalanche(h & MASK)
    for i in range(8, size // 16):
        h += mix(data, 16 * i, 16 * (i - 8) + 3)
    return avalanche(h + mix(data, size - 16, 119) & MASK)


def accumulate(lanes, data, at, secret_at):
    words = struct.unpack_from("<8Q", data, at)
    keyed = [word ^ key for word, key in zip(words, struct.unpack_from("<8Q", SECRET, secret_at))]
    return [(lane + words[i ^ 1] + (keyed[i] & 0xFFFFFFFF) * (keyed[i] >> 32)) & MASK for i, lane in enumerate(lanes)]


def xxh3_of_many(data):
    lanes = [P32[2], P64[0], P64[1], P64[2], P64[3], P32[1], P64[4], P32[0]]
    for stripe in range((len(data) - 1) // 64):
        lanes = accumulate(lanes, data, 64 * stripe, 8 * (stripe % 16))
        if stripe % 16 == 15:
            keys = struct.unpack_from("<8Q", SECRET, 128)
            lanes = [(lane ^ lane >> 47 ^ key) * P32[0] & MASK for lane, key in zip(lanes, keys)]
    lanes = accumulate(lanes, data, len(data) - 64, 121)
    keys = struct.unpack_from("<8Q", SECRET, 11)
    h = len(data) * P64[0] + sum(fold(lanes[i] ^ keys[i], lanes[i + 1] ^ keys[i + 1]) for i in range(0, 8, 2))
    return avalanche(h & MASK)


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
        base, unit = data.unpack("qQ")
        require(unit > 0, "unit")
        values = [(base + unit * number + 2**63) % 2**64 - 2**63 for number in data.narrow(width, rows)]
    elif encoding == 2:
        values = list(data.unpack(f"{rows}d"))
    elif encoding == 3:
        values = data.bits(rows)
    elif encoding == 4:
        (shortest,) = data.unpack("I")
        values = data.texts([shortest + length for length in data.narrow(width, rows)])
    else:
        entries, length_width = data.unpack("IB")
        require(entries <= rows, "entries")
        dictionary = data.texts(data.narrow(length_width, entries))
        values = [dictionary[i] for i in data.narrow(width, rows)]
    require(data.at_end(), "bytes after a column")
    column.values = [None if null else column.value(v) for v, null in zip(values, nulls)]


class Block:
    def __init__(self, data, offset):
        self.offset = offset
        header = data.take(64)
        (magic, version, size, flags, self.rows, self.min_time, self.max_time, schema_size, stored,
         uncompressed, count, checksum, header_checksum) = struct.unpack("<4sHHIIqqIIIIQQ", header)
        require((magic, version, size) == (b"oRBk", 3, 64) and flags <= 1, "block header")
        require(xxh3(header[:56]) == header_checksum, "header checksum")
        head = data.take(schema_size + 16 * count)
        require(xxh3(head) == checksum, "checksum")
        self.size = 64 + len(head) + stored
        self.has_times = bool(flags & 1)
        self.columns, time_column = read_schema(Bytes(head[:schema_size]))
        table = list(struct.iter_unpack("<IIQ", head[schema_size:]))
        require(len(self.columns) == len(table), "columns")
        require(sum(entry[0] for entry in table) == stored, "sizes")
        require(sum(entry[1] for entry in table) == uncompressed, "sizes")
        self.compressed = False
        for column, (size, whole_size, column_checksum) in zip(self.columns, table):
            content = data.take(size)
            require(xxh3(content) == column_checksum, "checksum of a column")
            require(size <= whole_size, "sizes")
            if size < whole_size:
                self.compressed = True
                continue
            values = Bytes(content)
            read_values(column, self.rows, values)
            require(values.at_end(), "bytes after a column")
        if self.compressed:
            return
        times = [t.ns for t in time_column.values if t is not None] if time_column else []
        require(self.has_times == bool(times), "times")
        require((self.min_time, self.max_time) == ((min(times), max(times)) if times else (0, 0)), "times")


def check_index(data, blocks):
    begin = data.at
    magic, version, count, rows = data.unpack("4sIQQ")
    require((magic, version, count) == (b"oRBi", 3, len(blocks)), "index")
    require(rows == sum(block.rows for block in blocks), "rows")
    for block in blocks:
        entry = data.unpack("QIIqqQ")
        require(entry == (block.offset, block.size, block.rows, block.min_time, block.max_time,
                          int(block.has_times)), "entry")
    (index_begin,) = data.unpack("Q")
    require(index_begin == begin, "where the index begins")
    require(data.unpack("Q")[0] == xxh3(data.data[begin : data.at - 8]), "checksum of the index")
    require(data.take(8) == b"\norb.end" and data.at_end(), "end")


def read_file(content):
    """The blocks of a file that was closed in good order."""
    data = Bytes(content)
    require(data.unpack("8sII") == (b"\x89ORB\r\n\x1a\n", 3, 0), "file header")
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
