"""`onrush replay` from the outside."""
import contextlib
import gzip
import json
import os
import re
import signal
import subprocess

from program import CLICKS, PROGRAM, RESULTS, ProgramTest


class ReplayTest(ProgramTest):
    def test_results_are_on_standard_output_and_the_ledger_on_standard_error(self):
        result = self.replay("clicks.csv")
        self.assertEqual((result.returncode, result.stdout), (0, RESULTS))
        self.assertRegex(result.stderr, r"(?m)^  clicks +6 +0$")
        self.assertRegex(result.stderr, r"(?m)^  top_pages +5 +1 ")
        self.assertNotIn("\033", result.stderr)

    def test_standard_input_and_compressed_files_give_the_same(self):
        self.assertEqual(self.replay("-", input=CLICKS).stdout, RESULTS)
        self.write("clicks.csv.gz", gzip.compress(CLICKS.encode()))
        self.assertEqual(self.replay("clicks.csv.gz").stdout, RESULTS)

    def test_a_stream_can_be_named(self):
        self.assertEqual(self.replay("clicks=clicks.csv").stdout, RESULTS)
        self.assert_fails(self.replay("clikcs=clicks.csv"), 2, "unknown stream 'clikcs'", "'clicks'")

    def test_files_are_read_one_after_the_other(self):
        lines = CLICKS.splitlines(keepends=True)
        self.write("1.csv", "".join(lines[:3]))
        self.write("2.csv", lines[0] + "".join(lines[3:]))
        self.assertEqual(self.replay("1.csv", "2.csv").stdout, RESULTS)

    def test_a_set_pace_changes_nothing(self):
        result = self.replay("--speed", "10000x", "--stats", "stats.json", "clicks.csv")
        self.assertEqual((result.returncode, result.stdout), (0, RESULTS))
        self.assertGreaterEqual(json.loads(self.read("stats.json"))["elapsed_s"], 200 / 10000)

    def test_shards_and_waiting_change_nothing(self):
        for shards in ("0", "1", "3"):
            for wait in ("park", "yield", "spin"):
                result = self.replay("--shards", shards, "--wait", wait, "clicks.csv")
                self.assertEqual((result.returncode, result.stdout), (0, RESULTS))

    def test_views(self):
        csv = self.replay("--format", "csv", "clicks.csv").stdout.splitlines()
        self.assertEqual(csv[0], "query,seq,window_start,window_end,revision,rank,page,count")
        self.assertEqual(csv[1], "top_pages,4,1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,0,1,/a,2")
        table = self.replay("--format", "table", "clicks.csv").stdout
        self.assertIn("top_pages  1970-01-01 00:00:00 – 00:01:00 UTC\n  rank  page  count\n     1  /a        2\n", table)

    def test_stats_balance(self):
        self.write("clicks.csv", CLICKS + "x,/bad\n300,\n")
        result = self.replay("--stats", "stats.json", "clicks.csv")
        self.assertEqual(result.returncode, 0, result.stderr)
        stats = json.loads(self.read("stats.json"))
        self.assertEqual((stats["events"], stats["bad"]), (8, 1))
        self.assertEqual(stats["lines"], result.stdout.count("\n"))
        self.assertRegex(stats["digest"], r"^xxh3:[0-9a-f]{16}$")
        self.assertEqual(stats["streams"], {"clicks": {"read": 8, "bad": 1, "duplicate": 0, "outside": 0}})
        for query in stats["queries"].values():
            booked = ("counted", "late", "skipped_null_key", "filtered", "rejected", "over_max_keys")
            self.assertEqual(sum(query[name] for name in booked), 7)
        self.assertEqual(stats["queries"]["top_pages"]["late"], 1)
        self.assertEqual(stats["queries"]["views"]["skipped_null_key"], 1)
        self.assertIn("time_zone_data", stats)

    def test_the_digest_is_of_the_lines_whatever_the_view(self):
        digests = set()
        for view in ("jsonl", "table", "csv"):
            self.replay("--format", view, "--stats", "stats.json", "clicks.csv")
            digests.add(json.loads(self.read("stats.json"))["digest"])
        self.assertEqual(len(digests), 1)

    def test_late_and_bad_events_have_their_files(self):
        self.write("clicks.csv", CLICKS + "x,/bad\n")
        result = self.replay("--late", "late.jsonl", "--bad", "bad.jsonl", "-o", "out.jsonl", "clicks.csv")
        self.assertEqual((result.returncode, result.stdout), (0, ""))
        late = json.loads(self.read("late.jsonl"))
        self.assertEqual((late["stream"], late["seq"], late["raw"]), ("clicks", 5, "5,/late"))
        bad = json.loads(self.read("bad.jsonl"))
        self.assertEqual((bad["file"], bad["line"], bad["raw"]), ("clicks.csv", 8, "x,/bad"))

    def test_a_late_output_can_be_replayed(self):
        self.replay("--late", "late.jsonl", "-o", "out.jsonl", "clicks.csv")
        self.write("test.toml", self.read("test.toml").replace('"csv"', '"late"'))
        result = self.replay("late.jsonl")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('"top":[{"rank":1,"page":"/late","count":1}]', result.stdout)

    def test_a_web_servers_log(self):
        self.write("log.toml", """
            [stream.visits]
            format = "combined_log"
            time = "time"
            [stream.visits.fields]
            time = "timestamp"
            path = "string"
            [[query]]
            name = "views"
            type = "aggregate"
            key = "path"
            compute = ["count"]
            """)
        self.write("access.log", '::1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 1 "-" "A"\n')
        self.assertEqual(
            self.run_program("replay", "-p", "log.toml", "access.log").stdout,
            '{"query":"views","seq":0,"time":"2000-10-10T20:55:36Z","path":"/a","count":1}\n',
        )

    def test_strict_ends_at_the_first_bad_event(self):
        self.write("clicks.csv", CLICKS + "x,/bad\n")
        self.assert_fails(self.replay("--strict", "-o", "out.jsonl", "clicks.csv"), 65, "clicks.csv:8: ts:")
        self.assertFalse(self.exists("out.jsonl"))


SHARDS = ("0", "4")


class InputErrorTest(ProgramTest):
    def test_a_missing_file_is_named(self):
        self.assert_fails(self.replay("none.csv"), 1, "none.csv", "No such file")

    def test_a_folder_cannot_be_read(self):
        (self.folder / "folder.csv").mkdir()
        self.assert_fails(self.replay("folder.csv"), 1, "folder.csv", "a directory without a recording's segments")

    def test_a_file_without_permission_cannot_be_read(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        (self.folder / "clicks.csv").chmod(0)
        self.assert_fails(self.replay("clicks.csv"), 1, "clicks.csv", "Permission denied")

    def test_a_file_that_misses_a_column_does_not_fit_the_pipeline(self):
        self.write("clicks.csv", "ts,user\n1,u\n")
        self.assert_fails(self.replay("clicks.csv"), 78, "clicks.csv", "page")

    def test_damaged_compressed_data(self):
        self.write("clicks.csv.gz", gzip.compress((CLICKS * 100).encode())[:-20])
        self.assert_fails(self.replay("-o", "out.jsonl", "clicks.csv.gz"), 65, "clicks.csv.gz")
        self.assertFalse(self.exists("out.jsonl"))

    def test_nothing_is_written_when_nothing_can_be_read(self):
        self.replay("-o", "out.jsonl", "none.csv")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["clicks.csv", "test.toml"])


class OutputErrorTest(ProgramTest):
    def many_results(self):
        """Makes every event of a larger input a line of 100 bytes."""
        self.write("test.toml", self.read("test.toml").replace('emit = "final"', 'emit = "change"'))
        self.write("clicks.csv", "ts,page\n" + "".join(f"{i},/page{i}\n" for i in range(20000)))

    def start(self, *arguments, **files):
        """Starts a replay; its standard error is a pipe."""
        return subprocess.Popen(
            [PROGRAM, "replay", "-p", "test.toml", *arguments],
            cwd=self.folder, stderr=subprocess.PIPE, text=True, **files,
        )

    def end(self, replay):
        """Waits for the end of a replay that shall end soon; its code and what it said."""
        try:
            message = replay.communicate(timeout=10)[1]
        finally:
            replay.kill()
        return replay.returncode, message

    def test_a_closed_pipe(self):
        self.many_results()
        for shards in SHARDS:
            replay = self.start("--shards", shards, "clicks.csv", stdout=subprocess.PIPE)
            replay.stdout.readline()
            replay.stdout.close()
            replay.stdout = None
            code, message = self.end(replay)
            self.assertEqual(code, 1)
            self.assertRegex(message, r"^onrush: standard output: .*reader is gone.* \d+ bytes were written\n$")

    def test_a_full_disk(self):
        for shards in SHARDS:
            result = self.replay("-o", "/dev/full", "--shards", shards, "clicks.csv")
            self.assert_fails(result, 1, "/dev/full", "No space left on device")
        result = self.replay("--stats", "/dev/full", "clicks.csv")
        self.assertEqual(result.returncode, 1)
        self.assertIn("onrush: /dev/full: cannot write: No space left on device", result.stderr)

    def test_no_run_is_in_vain_for_statistics_that_cannot_be_written(self):
        self.assert_fails(self.replay("-o", "out.jsonl", "--stats", "none/stats", "clicks.csv"), 1, "none/stats")
        self.assertFalse(self.exists("out.jsonl"))
        os.mkfifo(self.folder / "pipe")  # which nobody reads yet
        replay = self.start("-o", "out.jsonl", "--stats", "pipe", "clicks.csv")
        with open(self.folder / "pipe") as pipe:
            self.assertIn('"events":6', pipe.read())
        self.assertEqual(self.end(replay)[0], 0)

    def test_a_folder_that_is_not_there(self):
        self.assert_fails(self.replay("-o", "none/out.jsonl", "clicks.csv"), 1, "none/out.jsonl", "No such file")

    def test_an_output_takes_its_name_when_it_is_whole(self):
        self.write("out.jsonl", "old\n")
        self.write("clicks.csv.gz", gzip.compress((CLICKS * 100).encode())[:-20])
        self.assertEqual(self.replay("-o", "out.jsonl", "clicks.csv.gz").returncode, 65)
        self.assertEqual(self.read("out.jsonl"), "old\n")
        self.assertEqual(self.replay("-o", "out.jsonl", "clicks.csv").returncode, 0)
        self.assertEqual(self.read("out.jsonl"), RESULTS)

    def test_an_interrupt_says_what_was_written(self):
        self.many_results()
        for shards in SHARDS:
            replay = self.start("--shards", shards, "-o", "out.jsonl", "-", stdin=subprocess.PIPE)
            replay.stdin.write(self.read("clicks.csv"))
            replay.stdin.flush()
            while not (self.exists("out.jsonl.partial") and self.read("out.jsonl.partial")):
                pass
            replay.send_signal(signal.SIGINT)  # while it waits for more
            code, message = self.end(replay)
            self.assertEqual(code, 1)
            self.assertRegex(
                message,
                r"^onrush: interrupted after .* events; no output is whole: out.jsonl: the first \d+ bytes are in ",
            )
            self.assertFalse(self.exists("out.jsonl"))
            (self.folder / "out.jsonl.partial").unlink()

    def test_an_interrupt_while_nobody_reads_the_results(self):
        self.many_results()
        for shards in SHARDS:
            replay = self.start("--shards", shards, "clicks.csv", stdout=subprocess.PIPE)
            replay.stdout.readline()  # there are more than a pipe takes
            replay.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                replay.wait(timeout=10)
            self.assertEqual(replay.poll(), 1)
            message = self.end(replay)[1]
            self.assertRegex(message, r"^onrush: interrupted after .* standard output: \d+ bytes were written\n$")


class TerminalTest(ProgramTest):
    def on_terminal(self, *arguments):
        """Runs a replay whose outputs are a terminal and returns what that would show."""
        terminal, side = os.openpty()
        replay = subprocess.Popen(
            [PROGRAM, "replay", "-p", "test.toml", *arguments],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=side, stderr=side,
        )
        os.close(side)
        shown = b""
        try:
            while part := os.read(terminal, 65536):
                shown += part
        except OSError:  # how Linux tells that nobody has the other side open
            pass
        os.close(terminal)
        self.assertEqual(replay.wait(), 0)
        return shown.decode().replace("\r\n", "\n")

    def test_a_terminal_gets_a_table(self):
        shown = self.on_terminal("clicks.csv")
        self.assertIn("  rank  page  count\n", shown)
        self.assertNotIn("{", shown)

    def test_progress_leaves_nothing_behind(self):
        shown = self.on_terminal("-o", "out.jsonl", "--speed", "500x", "clicks.csv")
        self.assertIn("events", shown)
        self.assertTrue(re.search(r"\r\033\[K.*watermark .*\r\033\[K6 events in ", shown, re.DOTALL), shown)
