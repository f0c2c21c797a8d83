"""A tiny run of every benchmark: their answers are checked, their times are not."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ONRUSH_BUILD", ROOT / "build")).resolve()


class BenchTest(unittest.TestCase):
    def run_tiny(self, *command):
        """Its standard output."""
        result = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=300)
        self.assertEqual(result.returncode, 0, result.stderr[-2000:])
        return result.stdout

    def test_micro_benchmarks(self):
        programs = sorted((BUILD / "bench").glob("*_bench"))
        if not programs:
            self.skipTest("not in this build")
        self.assertEqual(len(programs), len(list((ROOT / "bench").glob("*_bench.cc"))))
        for program in programs:
            with self.subTest(program.name):
                shown = self.run_tiny(program, "--benchmark_min_time=0.001", "--benchmark_format=json")
                runs = json.loads(shown)["benchmarks"]
                self.assertTrue(runs)
                self.assertEqual([run["name"] for run in runs if run.get("error_occurred")], [])

    def test_whole_program(self):
        shown = self.run_tiny(
            sys.executable, "bench/replay", "--build", BUILD, "--events", "20000", "--runs", "1", "--shards", "0,2"
        )
        self.assertEqual(shown.count("\n| "), 1 + 3 * 2 * 2 * 2, shown)

    def test_forms_of_keeping(self):
        shown = self.run_tiny(sys.executable, "bench/formats", "--build", BUILD, "--events", "20000", "--runs", "1")
        decoders = 1 + 4 if (BUILD / "bench/decoder_bench").exists() else 0
        light_queries = 1 + 3 * 4
        self.assertEqual(shown.count("\n| "), 1 + 7 + light_queries + decoders, shown)

    def test_live(self):
        shown = self.run_tiny(
            sys.executable, "bench/live", "--build", BUILD, "--seconds", "0.05", "--events", "2000", "--runs", "1",
            "--rates", "1000,20000",
        )
        self.assertEqual(shown.count("\n| "), (1 + 4 * 2) + (1 + 6) + (1 + 1) + (1 + 4), shown)
        self.assertIn("| yes |", shown)

    def test_against_others(self):
        if not (BUILD / "bench/floor_sums").exists():
            self.skipTest("not in this build")
        shown = self.run_tiny(
            sys.executable, "bench/run", "--build", BUILD, "--events", "20000", "--runs", "1", "--no-duckdb",
            "--late",
        )
        self.assertEqual(shown.count("\n| "), 2 * (1 + 3 * 4), shown)


if __name__ == "__main__":
    unittest.main()
