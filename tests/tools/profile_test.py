"""`onrush profile` from the outside."""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import unittest

from program import PROGRAM, RESULTS, ProgramTest

STAGES_OF_A_THREAD = {"read", "decode", "prepare", "sequence", "gates", "process", "fire", "collect", "write",
                      "hand over", "wait"}
SDT_HEADERS = ("/usr/include/sys/sdt.h", "/usr/include/x86_64-linux-gnu/sys/sdt.h",
               "/usr/include/aarch64-linux-gnu/sys/sdt.h")


class ProfileTest(ProgramTest):
    EVENTS = 50_000

    def setUp(self):
        super().setUp()
        lines = ["ts,page\n"] + [f"{i // 50 - i * 7919 % 40},/page-{i * 31 % 100}\n" for i in range(self.EVENTS)]
        self.write("many.csv", "".join(lines))

    def profile(self, *arguments):
        return self.run_program("profile", "-p", "test.toml", *arguments)

    def profile_json(self, *arguments):
        result = self.profile("--format", "json", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def digest(self):
        self.assertEqual(self.replay("--stats", "stats.json", "--output", "out.jsonl", "many.csv").returncode, 0)
        return json.loads(self.read("stats.json"))["digest"]

    def test_the_text_names_every_stage_and_the_result(self):
        result = self.profile("--shards", "1", "many.csv")
        self.assertEqual(result.returncode, 0, result.stderr)
        for name in ("all threads", "ingest", "shard 0", "  read ", "  decode ", "  process top_pages ",
                     "  fire views ", "  ring wait ", "bytes/key", "minor per million events", "host: ",
                     "measuring: ", self.digest()):
            self.assertIn(name, result.stdout)

    def test_results_can_be_kept(self):
        result = self.profile("--output", "out.jsonl", "clicks.csv")
        self.assertEqual((result.returncode, self.read("out.jsonl")), (0, RESULTS))

    def test_the_parts_add_up_and_the_digest_is_that_of_replay(self):
        digest = self.digest()
        for shards in (0, 1, 2):
            profile = self.profile_json("--shards", str(shards), "many.csv")
            self.assertEqual(profile["digest"], digest)
            self.assertEqual(profile["events"], self.EVENTS)
            self.assertEqual(len(profile["threads"]), shards + 1)
            for thread in profile["threads"] + [profile["all_threads"]]:
                ns = sum(s["ns"] for s in thread["stages"] if s["stage"] in STAGES_OF_A_THREAD)
                self.assertEqual(ns + thread["stalls"]["ns"], thread["wall_ns"], thread["name"])
                self.assertLessEqual(sum(s["share"] or 0 for s in thread["stages"]), 1.00001)
                for stage in thread["stages"]:
                    self.assertLessEqual(stage["p50_ns"], stage["p99_ns"])
                    self.assertLessEqual(stage["p99.99_ns"], stage["max_ns"])
            self.assertEqual(self.events_of(profile), {
                "decode": self.EVENTS, "prepare": self.EVENTS, "sequence": self.EVENTS, "gates": self.EVENTS,
                "collect": self.EVENTS, "write": self.EVENTS, "process views": self.EVENTS,
                "process top_pages": self.counted_by_top_pages()})
            parts = [profile[part]["events"] for part in ("warm_up", "steady", "input_over")]
            self.assertEqual(sum(parts), self.EVENTS)
            self.assertEqual(sum(s["keys"] for s in profile["states"] if s["query"] == "views"), 100)
            self.assertIsNone(profile["trace"])

    @staticmethod
    def events_of(profile):
        names = {s["stage"] + (" " + s["query"] if s["query"] else ""): s["events"]
                 for s in profile["all_threads"]["stages"]}
        return {name: events for name, events in names.items() if events > 0}

    def counted_by_top_pages(self):
        return json.loads(self.read("stats.json"))["queries"]["top_pages"]["counted"]

    def test_allocations_are_counted_and_belong_to_stages(self):
        profile = self.profile_json("--shards", "0", "many.csv")
        stages = profile["all_threads"]["stages"]
        if stages[0]["allocations"] is None:
            self.skipTest("not counted in this build")
        self.assertGreater(sum(s["allocations"] for s in stages), 0)
        for stage in stages:
            self.assertLessEqual(stage["steady_allocations"], stage["allocations"])

    def test_the_trace_covers_every_thread_without_gaps_or_overlaps(self):
        for shards in (0, 2):
            profile = self.profile_json("--shards", str(shards), "--trace", "trace.json", "many.csv")
            trace = json.loads(self.read("trace.json"))
            events = trace["traceEvents"]
            names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
            self.assertEqual(list(names.values()), [thread["name"] for thread in profile["threads"]])
            for tid, thread in enumerate(profile["threads"]):
                spans = [e for e in events if e["ph"] == "X" and e["tid"] == tid]
                end = nanoseconds(spans[0]["ts"])
                for span in spans:
                    self.assertEqual(nanoseconds(span["ts"]), end)
                    end += nanoseconds(span["dur"])
                self.assertEqual(end - nanoseconds(spans[0]["ts"]), thread["wall_ns"])
                self.assert_spans_are_the_profile(spans, thread)
            self.assert_ring_waits_pair(events, profile)
            count = sum(e["ph"] in "Xb" for e in events)
            self.assertEqual(profile["trace"], {"spans": count, "spans_left_out": 0})
            self.assertEqual(trace["otherData"], {"spans_left_out": "0"})

    def assert_spans_are_the_profile(self, spans, thread):
        by_name = collections.defaultdict(list)
        for span in spans:
            by_name[span["name"]].append(span)
        for stage in thread["stages"]:
            if stage["stage"] not in STAGES_OF_A_THREAD:
                continue
            mine = by_name.pop(stage["stage"] + (" " + stage["query"] if stage["query"] else ""))
            self.assertEqual(len(mine), stage["times"])
            self.assertEqual(sum(span["args"]["events"] for span in mine), stage["events"])
            stalled = sum(nanoseconds(span["dur"]) for span in mine) - stage["ns"]
            self.assertGreaterEqual(stalled, 0)
            self.assertLessEqual(stalled, 1000 * sum(span["args"]["stalled_us"] + 1 for span in mine))
        self.assertEqual(by_name, {})

    def assert_ring_waits_pair(self, events, profile):
        open_spans = {}
        pairs = 0
        for event in events:
            if event["ph"] == "b":
                open_spans[event["id"]] = event["ts"]
            elif event["ph"] == "e":
                self.assertLessEqual(open_spans.pop(event["id"]), event["ts"])
                pairs += 1
        self.assertEqual(open_spans, {})
        self.assertEqual(pairs, sum(s["times"] for s in profile["all_threads"]["stages"] if s["stage"] == "ring wait"))

    def test_mistakes(self):
        self.assert_fails(self.run_program("profile", "clicks.csv"), 2, "-p FILE")
        self.assert_fails(self.profile(), 2, "what to read")
        self.assert_fails(self.profile("--format", "jsno", "clicks.csv"), 2, "'jsno'", "'json'")
        self.assert_fails(self.profile("--shards", "257", "clicks.csv"), 2, "--shards 257")
        self.assert_fails(self.profile("--trace", "clicks.csv", "clicks.csv"), 2, "is there twice")
        self.assert_fails(self.profile("clikcs=clicks.csv"), 2, "'clikcs'")
        self.assert_fails(self.profile("--trace", "no/such/folder.json", "clicks.csv"), 1, "no/such/folder.json")
        self.assert_fails(self.profile("no.csv"), 1, "no.csv")


class ProbesTest(unittest.TestCase):
    def test_the_program_has_a_probe_at_the_end_of_every_stage(self):
        if shutil.which("readelf") is None or not any(pathlib.Path(path).exists() for path in SDT_HEADERS):
            self.skipTest("no readelf, or built without sys/sdt.h")
        notes = subprocess.run(["readelf", "-n", PROGRAM], text=True, capture_output=True, check=True).stdout
        self.assertIn("Provider: onrush\n    Name: stage\n", notes)
        # On one thread and on several; process and fire share one.
        self.assertGreaterEqual(notes.count("Name: stage\n"), 12)
        arguments = [line.split(":")[1].split() for line in notes.splitlines() if "Arguments:" in line]
        self.assertEqual({len(argument) for argument in arguments}, {4})

    def test_the_scripts_ask_for_what_there_is(self):
        scripts = sorted((pathlib.Path(__file__).resolve().parents[2] / "tools" / "probes").glob("*.bt"))
        self.assertEqual(len(scripts), 3)
        for script in scripts:
            text = script.read_text()
            self.assertEqual(set(re.findall(r"(?m)^usdt:.*", text)), {"usdt:$1:onrush:stage"}, script.name)
            self.assertLessEqual(set(re.findall(r'str\(arg0\) == "(.*)"', text)), STAGES_OF_A_THREAD)
            self.assertIn(f"tools/probes/{script.name}", text)


def nanoseconds(microseconds):
    return round(microseconds * 1000)


if __name__ == "__main__":
    unittest.main()
