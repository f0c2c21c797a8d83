"""`onrush serve` for tests: a pipeline, servers, senders of frames as ingest/README.md tells them."""
import itertools
import json
import random
import re
import socket
import struct
import subprocess
import threading
import time
import urllib.error
import urllib.request

from program import PROGRAM, ProgramTest

HEADER = struct.Struct("<4sBBHQQQ")
MAGIC = b"\xf5oRf"
WANTS_VERDICT, IS_BLOCK, IS_END, IS_VERDICT = 1, 2, 4, 8
PATIENCE_S = 60
PIPELINE = """
name = "live"

[stream.payments]
format = "csv"
header = false
time = "ts"
time_format = "unix_ms"
max_out_of_orderness = "2s"
allowed_lateness = "1m"

[stream.payments.fields]
ts = "timestamp"
card = "string"
merchant = "string"
amount = "decimal(2)"

[[query]]
name = "often"
type = "velocity"
key = "card"
within = "2m"
count_over = 2

[[query]]
name = "widely"
type = "velocity"
key = ["card", "merchant"]
within = "10m"
sum_over = { field = "amount", amount = 100 }

[[query]]
name = "top_merchants"
type = "top_k"
key = "merchant"
window = { size = "1m", slide = "1m" }
k = 2

[[query]]
name = "turnover"
type = "aggregate"
key = "merchant"
window = { size = "1m" }
compute = ["count", "sum(amount)"]
"""


def make_payments(count, seed=1, bad=0.01, late=0.01):
    """Lines of CSV: out of order, some far too late, some that cannot be read."""
    choose = random.Random(seed)
    lines = []
    for i in range(count):
        ts = 1_800_000_000_000 + 100 * i - choose.randrange(3000)
        if choose.random() < late:
            ts -= 300_000
        amount = "much" if choose.random() < bad else "%.2f" % (choose.randrange(5000) / 100)
        lines.append(f"{ts},c{choose.randrange(80)},m{choose.randrange(7)},{amount}\n")
    return lines


class Server:
    """A running server, from its first log line on."""

    def __init__(self, test, *arguments, until="event=listening", stdout="out.jsonl", **options):
        self.test = test
        self.lines = []
        self.changed = threading.Condition()
        self.ended = False
        with open(test.folder / stdout, "wb") as output:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "-p", "test.toml", *arguments],
                cwd=test.folder, stdout=output, stderr=subprocess.PIPE, text=True, **options,
            )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        test.addCleanup(self._clean_up)
        self.wait_for(until)

    def _read(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def _clean_up(self):
        self.process.kill()
        self.finish()

    @property
    def stderr(self):
        return "".join(self.lines)

    def wait_for(self, pattern):
        """The match of a line on standard error."""
        with self.changed:
            while True:
                found = re.search(pattern, self.stderr)
                if found:
                    return found
                if self.ended or not self.changed.wait(PATIENCE_S):
                    self.test.fail(f"no '{pattern}' in: {self.stderr}")

    @property
    def address(self):
        """The UDP address that it listens to."""
        host, port = self.wait_for(r"event=listening address=([\d.]+):(\d+)").groups()
        return host, int(port)

    @property
    def udp(self):
        return "%s:%d" % self.address

    @property
    def http_port(self):
        return int(self.wait_for(r"event=http port=(\d+)")[1])

    def finish(self, signal=None):
        """Its exit code."""
        if signal is not None:
            self.process.send_signal(signal)
        code = self.process.wait(PATIENCE_S)
        self.reader.join()
        self.process.stderr.close()
        return code

    def ends_well(self, signal=None):
        self.test.assertEqual(self.finish(signal), 0, self.stderr)


class Sender:
    """Frames with numbers of their own, from a socket of their own."""

    numbers = itertools.count(1)

    def __init__(self, test, address):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        test.addCleanup(self.socket.close)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(address)
        self.number = next(Sender.numbers)
        self.sequence = 0
        self.events = 0

    def frame(self, lines, flags=0):
        """The next frame, which is not sent."""
        header = HEADER.pack(MAGIC, 1, flags, len(lines), self.number, self.sequence, self.events)
        self.sequence += 1
        self.events += len(lines)
        return header + "".join(lines).encode()

    def send(self, lines, flags=0):
        datagram = self.frame(lines, flags)
        self.socket.send(datagram)
        return datagram

    def ask(self, lines):
        """The lines of the verdict."""
        return self.ask_again(self.frame(lines, WANTS_VERDICT))

    def ask_again(self, frame):
        self.socket.send(frame)
        sequence, lines = self.verdict()
        assert sequence == HEADER.unpack_from(frame)[5], sequence
        return lines

    def verdict(self):
        """The sequence number and the lines of the next verdict that comes."""
        answer = self.socket.recv(70000)
        magic, version, flags, count, sender, sequence, _ = HEADER.unpack_from(answer)
        assert (magic, version, flags, sender) == (MAGIC, 1, IS_VERDICT, self.number), answer
        lines = answer[HEADER.size :].decode().splitlines(True)
        assert len(lines) == count, answer
        return sequence, lines


class ServeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("test.toml", PIPELINE)

    def serve(self, *arguments, **options):
        return Server(self, *arguments, **options)

    def serve_udp(self, *arguments, **options):
        return self.serve("--udp", "127.0.0.1:0", *arguments, **options)

    def send(self, *arguments):
        result = self.run_program("send", "-p", "test.toml", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def outputs(self):
        """Result, late and bad lines."""
        return tuple(self.read(name) for name in ("out.jsonl", "late.jsonl", "bad.jsonl"))

    def replayed(self, *arguments):
        result = self.replay(*arguments, "--late", "late.jsonl", "--bad", "bad.jsonl")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout, self.read("late.jsonl"), self.read("bad.jsonl")

    def wait_until(self, holds, what):
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.005)

    def stats(self):
        return json.loads(self.read("stats.json"))

    def get(self, server, path):
        """Status and text of a page."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.http_port}{path}", timeout=PATIENCE_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metrics(self, server):
        """Values by name and labels, those of histograms left out."""
        samples = {}
        for line in self.get(server, "/metrics")[1].splitlines():
            if not line.startswith("#") and "_bucket{" not in line:
                name, value = line.rsplit(" ", 1)
                samples[name] = float(value)
        return samples
