"""Another reader than the program's own reads what the program wrote."""
import unittest
from decimal import Decimal

from orb_reader import Damaged, Time, read_file, read_rows, xxh3
from program import ProgramTest

TYPED = """
[stream.events]
time = "t"
time_format = "unix_s"
format = "csv"
[stream.events.fields]
t = "timestamp"
i = "int"
d = "decimal(2)"
f = "float"
s = "string"
b = "bool"
[[query]]
name = "all"
type = "aggregate"
key = "s"
compute = ["count"]
"""
ROWS = """t,i,d,f,s,b
1,5,1.50,0.5,x,true
3,-9223372036854775808,-0.05,-1e300,"a, ""b""\nc",false
,1,1,1,no time,true
2.5,,,,,
4,9223372036854775807,0,7,ü,true
"""


class OrbFormatTest(ProgramTest):
    def convert(self, *arguments):
        result = self.run_program("convert", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)

    def content(self, name):
        return (self.folder / name).read_bytes()

    def test_the_checksum_is_xxh3(self):
        for size, expected in (
            (4, 0xD3D60C1519014E89),
            (8, 0xB88DEE77F6BF6980),
            (9, 0x3688DCAD730D826),
            (16, 0x9DA23836ADF2BE1E),
            (17, 0xF34C3C9CF5A112D1),
            (128, 0x4C659B745F435148),
            (129, 0xB85222B83902B6E5),
            (240, 0xD6DFBF67B0675B54),
            (241, 0xC614C8C3575348C1),
            (1024, 0xF22EF3DC84FF47EA),
            (5000, 0xCE29A19460EE1BFC),
        ):
            self.assertEqual(xxh3(bytes(i * 7 % 251 for i in range(size))), expected)

    def test_values_of_all_types(self):
        self.write("typed.toml", TYPED)
        self.write("rows.csv", ROWS)
        self.convert("-p", "typed.toml", "rows.csv", "rows.orb")
        self.assertEqual(
            [list(row.values()) for row in read_rows(self.content("rows.orb"))],
            [
                [Time(10**9), 5, Decimal("1.50"), 0.5, b"x", True],
                [Time(3 * 10**9), -(2**63), Decimal("-0.05"), -1e300, b'a, "b"\nc', False],
                [Time(25 * 10**8), None, None, None, None, None],
                [Time(4 * 10**9), 2**63 - 1, Decimal(0), 7.0, "ü".encode(), True],
            ],
        )

    def test_many_blocks_of_texts(self):
        lines = [f"{i},{i % 3},{'x' * (i % 300)}{i}" for i in range(40_000)]
        self.write("many.csv", "a,b,c\n" + "\n".join(lines) + "\n")
        self.convert("many.csv", "many.orb")
        content = self.content("many.orb")
        self.assertGreater(len(read_file(content)), 2)
        self.assertEqual([b",".join(row.values()).decode() for row in read_rows(content)], lines)
        self.convert("--zstd", "3", "many.csv", "small.orb")
        blocks = read_file(self.content("small.orb"))
        self.assertTrue(all(block.compressed for block in blocks))
        self.assertLess(len(self.content("small.orb")), len(content) / 5)

    def test_damage_is_seen(self):
        self.convert("clicks.csv", "clicks.orb")
        content = bytearray(self.content("clicks.orb"))
        for at in range(len(content)):
            content[at] ^= 0x10
            with self.assertRaises(Damaged):
                read_file(bytes(content))
            content[at] ^= 0x10


if __name__ == "__main__":
    unittest.main()
