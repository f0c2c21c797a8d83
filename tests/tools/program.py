"""Runs the program for the tests in this folder."""
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = pathlib.Path(os.environ.get("ONRUSH_BUILD", "build")).resolve() / "tools" / "onrush"

PIPELINE = """
name = "test"

[stream.clicks]
time = "ts"
time_format = "unix_s"
max_out_of_orderness = "1m"
allowed_lateness = "1m"
format = "csv"

[stream.clicks.fields]
ts = "timestamp"
page = "string"

[[query]]
name = "top_pages"
type = "top_k"
key = "page"
window = { size = "1m", slide = "1m" }
k = 2

[[query]]
name = "views"
type = "aggregate"
key = "page"
compute = ["count"]
emit = "final"
"""
CLICKS = "ts,page\n0,/a\n10,/b\n20,/a\n70,/c\n200,/d\n5,/late\n"
RESULTS = (
    '{"query":"top_pages","seq":4,"window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:01:00Z",'
    '"revision":0,"top":[{"rank":1,"page":"/a","count":2},{"rank":2,"page":"/b","count":1}]}\n'
    '{"query":"top_pages","seq":4,"window_start":"1970-01-01T00:01:00Z","window_end":"1970-01-01T00:02:00Z",'
    '"revision":0,"top":[{"rank":1,"page":"/c","count":1}]}\n'
    '{"query":"views","seq":6,"time":"1970-01-01T00:00:05Z","page":"/late","count":1}\n'
    '{"query":"views","seq":6,"time":"1970-01-01T00:00:10Z","page":"/b","count":1}\n'
    '{"query":"views","seq":6,"time":"1970-01-01T00:00:20Z","page":"/a","count":2}\n'
    '{"query":"views","seq":6,"time":"1970-01-01T00:01:10Z","page":"/c","count":1}\n'
    '{"query":"views","seq":6,"time":"1970-01-01T00:03:20Z","page":"/d","count":1}\n'
    '{"query":"top_pages","seq":6,"window_start":"1970-01-01T00:03:00Z","window_end":"1970-01-01T00:04:00Z",'
    '"revision":0,"top":[{"rank":1,"page":"/d","count":1}]}\n'
)


class ProgramTest(unittest.TestCase):
    """A test case with a folder of its own and the files above in it."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="onrush-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("test.toml", PIPELINE)
        self.write("clicks.csv", CLICKS)

    def write(self, name, content):
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / name).write_bytes(data)
        return name

    def read(self, name):
        return (self.folder / name).read_text()

    def exists(self, name):
        return (self.folder / name).exists()

    def run_program(self, *arguments, input=""):
        """Runs `onrush ARGUMENTS…` in the test's folder."""
        return subprocess.run(
            [PROGRAM, *arguments], cwd=self.folder, input=input, text=True, capture_output=True, timeout=60
        )

    def replay(self, *arguments, input=""):
        return self.run_program("replay", "-p", "test.toml", *arguments, input=input)

    def assert_fails(self, result, code, *messages):
        """The program ended with `code`, and one line on standard error that has all `messages`."""
        self.assertEqual(result.returncode, code, result.stderr)
        for message in messages:
            self.assertIn(message, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
