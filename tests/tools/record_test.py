"""`onrush record`, and `onrush replay` of what it kept."""
import gzip
import json
import pathlib
import random
import signal
import subprocess
import time
import unittest

from program import CLICKS, PROGRAM, RESULTS, ProgramTest

KILLS = 200


class RecordTest(ProgramTest):
    def record(self, *arguments, **options):
        return self.run_program("record", "-p", "test.toml", *arguments, **options)

    def segments(self, recording="rec"):
        return sorted((self.folder / recording).iterdir())

    def test_a_recording_is_replayed_like_its_file(self):
        result = self.record("rec", "clicks.csv")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stderr, r"^8 rows recorded, 8 safe, [\d,]+ bytes, \d+ syncs\n$")
        for shards in ("0", "1", "3"):
            result = self.replay("--shards", shards, "--late", "late.jsonl", "--bad", "bad.jsonl", "rec")
            self.assertEqual((result.returncode, result.stdout), (0, RESULTS), result.stderr)
        recorded = self.read("late.jsonl"), self.read("bad.jsonl")
        self.replay("--late", "late.jsonl", "--bad", "bad.jsonl", "clicks.csv")
        self.assertEqual(recorded, (self.read("late.jsonl"), self.read("bad.jsonl")))

    def test_standard_input_is_recorded_and_acknowledged(self):
        result = self.record("--sync", "each", "--acknowledge", "rec", input=CLICKS)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = [json.loads(line)["safe_rows"] for line in result.stdout.splitlines()]
        self.assertEqual(rows, sorted(rows))
        self.assertEqual(rows[-1], 8)  # seven lines and the end
        self.assertEqual(self.replay("rec").stdout, RESULTS)

    def test_any_reader_of_columns_can_read_it(self):
        self.record("rec", "clicks.csv")
        self.run_program("convert", str(self.segments()[0]), "rows.jsonl")
        rows = [json.loads(line) for line in self.read("rows.jsonl").splitlines()]
        self.assertEqual("".join(row["raw"] or "" for row in rows), CLICKS)
        self.assertEqual([row["kind"] for row in rows], [1, 0, 0, 0, 0, 0, 0, 5])
        self.assertEqual({row["sender"] for row in rows[:-1]}, {"clicks.csv"})
        self.assertEqual([row["line"] for row in rows[:3]], [1, 2, 3])

    def test_a_recording_becomes_typed_columns(self):
        self.record("rec", "clicks.csv")
        result = self.run_program("convert", "-p", "test.toml", "rec", "typed.orb")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.replay("typed.orb").stdout, RESULTS)

    def test_damage_is_refused_unless_it_may_be_passed_over(self):
        self.record("rec", "clicks.csv")
        segment = self.segments()[0]
        data = bytearray(segment.read_bytes())
        data[100] ^= 1
        segment.write_bytes(data)
        self.assert_fails(self.replay("rec"), 65, f"rec/{segment.name}: at byte 16: ", "--skip-damaged")
        result = self.replay("--skip-damaged", "--stats", "stats.json", "rec")
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)
        notes = json.loads(self.read("stats.json"))["notes"]
        self.assertEqual(result.stderr.splitlines()[: len(notes)], [f"onrush: {note}" for note in notes])
        bytes_of_block = data.rindex(b"oRBi") - 16
        self.assertIn(f"; {bytes_of_block} bytes are passed over", result.stderr)
        self.assert_fails(self.record("rec", "clicks.csv"), 65, "at byte 16")

    def test_a_recording_inside_of_events_does_not_become_events(self):
        self.record("forged", "clicks.csv")
        (self.folder / "forged.orb").write_bytes(self.segments("forged")[0].read_bytes())
        self.write("test.toml", self.read("test.toml").replace('format = "csv"\n', ""))
        self.assertEqual(self.record("rec", "forged.orb").returncode, 0)
        segment = self.segments()[0]
        whole = segment.read_bytes()
        for data in (bytearray(whole), bytearray(whole[: whole.rindex(b"oRBi")])):
            data[40] ^= 1  # in the header of the block around the recorded one
            segment.write_bytes(data)
            result = self.replay("--skip-damaged", "--finish", "rec")
            self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)

    def test_what_was_read_before_an_input_failed_is_kept(self):
        (self.folder / "cut.csv.gz").write_bytes(gzip.compress(CLICKS.encode())[:-12])
        result = self.record("rec", "clicks.csv", "cut.csv.gz")
        self.assertEqual(result.returncode, 65, result.stderr)
        self.assertIn("cut.csv.gz", result.stderr)
        self.assertIn("the recording ends here: 7 rows recorded, 7 safe", result.stderr)
        result = self.replay("rec")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("its input did not end", result.stderr)
        self.assertNotIn("torn", result.stderr)
        self.assertEqual(self.replay("--finish", "rec").stdout, RESULTS)

    def test_what_was_interrupted_is_replayed_up_to_there(self):
        process = subprocess.Popen(
            [PROGRAM, "record", "-p", "test.toml", "--acknowledge", "rec"],
            cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        process.stdin.write(CLICKS.encode())
        process.stdin.flush()
        self.assertEqual(json.loads(process.stdout.readline())["safe_rows"], 7)
        # The signal can only reach the thread that reads.
        for thread in pathlib.Path(f"/proc/{process.pid}/task").iterdir():
            status = (thread / "status").read_text()
            blocked = int(next(line.split()[1] for line in status.splitlines() if line.startswith("SigBlk")), 16)
            self.assertEqual(blocked >> (signal.SIGINT - 1) & 1, int(thread.name != str(process.pid)))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b"interrupted: 7 rows recorded, 7 safe", stderr)
        result = self.replay("rec")
        self.assertIn("its input did not end; what was pending is not fired", result.stderr)
        self.assertEqual(result.stdout, "".join(RESULTS.splitlines(True)[:2]))
        self.assertEqual(self.replay("--finish", "rec").stdout, RESULTS)

    def test_mistakes_are_told(self):
        self.assert_fails(self.record(), 2, "DIR")
        self.assert_fails(self.record("--sync", "often", "rec", "clicks.csv"), 2, "interval:5ms")
        self.assert_fails(self.record("--segment-size", "2 MB", "rec", "clicks.csv"), 2, "256MiB")
        self.assert_fails(self.record("--keep-time", "1h", "rec", "clicks.csv"), 78, "header = false")
        self.assert_fails(self.record("rec", "no.csv"), 1, "no.csv")
        self.record("rec", "clicks.csv")
        self.write("test.toml", self.read("test.toml").replace("stream.clicks", "stream.views"))
        self.assert_fails(self.record("rec", "clicks.csv"), 78, "'clicks'", "'views'")
        self.assert_fails(self.replay("rec"), 78, "'clicks'", "'views'")
        self.assert_fails(self.replay("rec", "clicks.csv"), 78, "one recording, or files")
        (self.folder / "empty").mkdir()
        self.assert_fails(self.replay("empty"), 1, "without a recording's segments")

    def test_what_was_acknowledged_survives_being_killed(self):
        """Feeds lines, kills the program at a random moment, and goes on with what is there."""
        self.write("test.toml", self.read("test.toml").replace('"csv"', '"csv"\nheader = false'))
        choose = random.Random(1)
        lines = [f"{i},/{i}\n" for i in range(100 * KILLS)]
        there = 0
        for _ in range(KILLS):
            process = subprocess.Popen(
                [PROGRAM, "record", "-p", "test.toml", "--sync", "each", "--acknowledge",
                 "--segment-size", "20KiB", "rec"],
                cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
            for line in lines[there : there + choose.randrange(1, 60)]:
                process.stdin.write(line.encode())
                process.stdin.flush()
            # Half of the times not before something was acknowledged, however slow the program is.
            first = process.stdout.readline() if choose.random() < 0.5 else b""
            time.sleep(choose.random() * 0.01)
            process.kill()
            stdout, stderr = process.communicate(timeout=20)
            stdout = first + stdout
            acknowledged = [json.loads(line)["safe_rows"] for line in stdout.splitlines(True) if line.endswith(b"\n")]
            self.assertNotIn(b"onrush: ", stderr.replace(b"of a torn end", b"").replace(b"onrush: rec: ", b""))
            if not (self.folder / "rec").exists() or not self.segments():
                self.assertEqual(acknowledged, [])
                continue
            result = self.run_program("convert", "-p", "test.toml", "rec", "back.jsonl")
            self.assertEqual(result.returncode, 0, result.stderr)
            pages = [json.loads(line)["page"] for line in self.read("back.jsonl").splitlines()]
            self.assertEqual(pages, [f"/{i}" for i in range(len(pages))])  # none twice, none missing
            self.assertGreaterEqual(len(pages), max(acknowledged, default=there))
            there = len(pages)
        self.assertGreater(there, 0)


if __name__ == "__main__":
    unittest.main()
