"""`onrush convert`, and `onrush replay` of what it makes."""
import json
import unittest

from program import CLICKS, RESULTS, ProgramTest


class ConvertTest(ProgramTest):
    def convert(self, *arguments, **options):
        result = self.run_program("convert", *arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def test_csv_comes_back_as_it_was(self):
        text = 'a,"b ""c""",d\n1,"x, y",\n,"line 1\nline 2",01.50\n"quoted",ü,  spaces \n'
        self.write("in.csv", text)
        result = self.convert("in.csv", "out.orb")
        self.assertRegex(result.stderr, r"^3 events, 0 of them bad, into \d+ bytes\n$")
        self.convert("out.orb", "back.csv")
        self.assertEqual(self.read("back.csv"), text.replace('"quoted"', "quoted"))
        self.convert("out.orb", "back.jsonl")
        self.assertEqual(
            json.loads(self.read("back.jsonl").splitlines()[1]),
            {"a": None, 'b "c"': "line 1\nline 2", "d": "01.50"},
        )

    def test_one_column_keeps_its_nulls(self):
        self.write("in.csv", 'a\n1\n""\n2\n')
        self.convert("in.csv", "out.orb")
        self.convert("out.orb", "back.csv")
        self.assertEqual(self.read("back.csv"), 'a\n1\n""\n2\n')

    def test_json_members_are_columns_and_others_are_told(self):
        self.write("in.jsonl", '{"a":1.50,"b":{"c":"x"}}\n{"d":null,"a":"y"}\n')
        self.convert("in.jsonl", "out.orb")
        self.convert("out.orb", "back.csv")
        self.assertEqual(self.read("back.csv"), "a,b.c,d\n1.50,x,\ny,,\n")
        self.write("in.jsonl", '{"a":1}\n' + " " * (9 << 20) + '{"a":2,"new":3}\n{"a":[4]}\n')
        result = self.convert("in.jsonl", "out.orb", "--bad", "bad.jsonl")
        self.assertIn("3 events, 2 of them bad", result.stderr)
        reasons = [json.loads(line)["reason"] for line in self.read("bad.jsonl").splitlines()]
        self.assertEqual(reasons, ["new: not among the first events' members", "a: an array, not a value"])

    def test_a_member_is_what_it_was_first(self):
        self.write("in.jsonl", '{"a":1,"b":{"c":2}}\n{"a":{"d":3},"b":{"c":4}}\n{"a":5,"b":6}\n')
        result = self.convert("in.jsonl", "out.orb", "--bad", "bad.jsonl")
        self.assertIn("3 events, 2 of them bad", result.stderr)
        self.convert("out.orb", "back.csv")
        self.assertEqual(self.read("back.csv"), "a,b.c\n1,2\n")
        self.write("in.jsonl", '{"a":null,"n":null}\n{"a":{"b":5}}\n{"a":null,"t":1}\n{"a":{"b":6}}\n')
        self.assertIn("4 events, 0 of them bad", self.convert("in.jsonl", "out.orb").stderr)
        self.convert("out.orb", "back.csv")
        self.assertEqual(self.read("back.csv"), "n,a.b,t\n,,\n,5,\n,,1\n,6,\n")

    def test_replay_gives_the_same_as_of_the_text(self):
        for name in ("typed", "texts"):
            pipeline = ("-p", "test.toml") if name == "typed" else ()
            self.convert(*pipeline, "clicks.csv", f"{name}.orb", "--zstd", "1")
            for shards in ("0", "1", "3"):
                result = self.replay("--shards", shards, "--late", "late.jsonl", f"{name}.orb")
                self.assertEqual((result.returncode, result.stdout), (0, RESULTS), result.stderr)
                late = json.loads(self.read("late.jsonl"))
                time = "1970-01-01T00:00:05Z" if name == "typed" else "5"
                self.assertEqual(json.loads(late["raw"]), {"ts": time, "page": "/late"})
        self.assertEqual(self.replay("-", input="", format="orb").returncode, 65)

    def test_an_input_without_events_has_the_pipelines_columns(self):
        self.write("in.jsonl", "")
        self.write("test.toml", self.read("test.toml").replace('"csv"', '"jsonl"'))
        self.convert("-p", "test.toml", "in.jsonl", "out.csv")
        self.assertEqual(self.read("out.csv"), "ts,page\n")

    def replay(self, *arguments, input="", format="csv"):
        self.write("test.toml", self.read("test.toml").replace('"csv"', f'"{format}"'))
        return self.run_program("replay", "-p", "test.toml", *arguments, input=input)

    def test_bad_events_are_left_out_and_told(self):
        self.write("clicks.csv", CLICKS + "x,/bad\n")
        result = self.convert("-p", "test.toml", "clicks.csv", "out.orb", "--bad", "bad.jsonl")
        self.assertIn("7 events, 1 of them bad", result.stderr)
        self.assertEqual(json.loads(self.read("bad.jsonl"))["reason"], "ts: not a number: 'x'")
        self.assertEqual(self.replay("out.orb").stdout, RESULTS)

    def test_a_file_without_the_fields_is_a_wrong_configuration(self):
        self.write("other.csv", "ts,pag\n1,2\n")
        self.convert("other.csv", "other.orb")
        self.assert_fails(self.replay("other.orb"), 78, "there is no column 'page'", "'pag'")

    def test_a_range_of_time_of_text_and_of_blocks(self):
        self.convert("-p", "test.toml", "clicks.csv", "clicks.orb")
        arguments = ("--from", "1970-01-01T00:00:10Z", "--until", "1970-01-01T00:03:20Z")
        text = self.replay(*arguments, "clicks.csv")
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertRegex(text.stderr, r"(?m)^  stream +read +bad +outside\n  clicks +3 +0 +3$")
        blocks = self.replay(*arguments, "clicks.orb")
        self.assertEqual(blocks.stdout, text.stdout)
        self.assertRegex(blocks.stderr, r"(?m)^  clicks +3 +0 +3$")
        none = self.replay("--until", "1960-01-01T00:00:00Z", "--stats", "stats.json", "clicks.orb")
        self.assertEqual((none.returncode, none.stdout), (0, ""))
        streams = json.loads(self.read("stats.json"))["streams"]
        self.assertEqual(streams["clicks"], {"read": 0, "bad": 0, "duplicate": 0, "outside": 6})
        self.assert_fails(self.replay("--from", "noon", "clicks.orb"), 2, "--from 'noon'")

    def test_a_file_that_was_cut_is_refused_and_can_be_saved(self):
        lines = [f"{i},/{i}" for i in range(50_000)]
        self.write("many.csv", "ts,page\n" + "\n".join(lines) + "\n")
        self.convert("many.csv", "many.orb")
        whole = (self.folder / "many.orb").read_bytes()
        self.write("cut.orb", whole[: len(whole) // 2])
        self.assert_fails(self.replay("cut.orb"), 65, "cut.orb: was not closed", "onrush convert")
        result = self.convert("cut.orb", "saved.orb")
        self.assertIn("cut.orb: was not closed", result.stderr)
        self.convert("saved.orb", "saved.csv")
        saved = self.read("saved.csv").splitlines()
        self.assertEqual(saved, ["ts,page", *lines][: len(saved)])
        self.assertGreater(len(saved), 10_000)

    def test_damage_is_exit_65_with_its_place(self):
        self.convert("clicks.csv", "clicks.orb")
        content = bytearray((self.folder / "clicks.orb").read_bytes())
        content[100] ^= 1
        self.write("clicks.orb", bytes(content))
        self.assert_fails(self.replay("clicks.orb"), 65, "clicks.orb: at byte 16: ")
        failed = self.run_program("convert", "clicks.orb", "out.csv")
        self.assert_fails(failed, 65, "clicks.orb: at byte 16: ")
        self.assertFalse(self.exists("out.csv"))

    def test_wrong_usage(self):
        self.assert_fails(self.run_program("convert", "clicks.csv"), 2, "IN… OUT.orb")
        self.assert_fails(self.run_program("convert", "clicks.csv", "x.txt"), 2, "'x.txt'", ".orb")
        self.assert_fails(self.run_program("convert", "clicks.csv", "clicks.csv"), 2, "file of its own")
        self.assert_fails(self.run_program("convert", "--zstd", "20", "clicks.csv", "x.orb"), 2, "1 to 19")
        self.assert_fails(self.run_program("convert", "nothing.csv", "x.orb"), 1, "nothing.csv")
        (self.folder / "rec").mkdir()
        self.assert_fails(self.run_program("convert", "rec", "x.orb"), 78, "rec", "-p")
        self.write("other.csv", "ts,other\n")
        self.assert_fails(self.run_program("convert", "clicks.csv", "other.csv", "x.orb"), 78, "other columns")


if __name__ == "__main__":
    unittest.main()
