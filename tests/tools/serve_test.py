"""`onrush serve`: what goes in comes out as in a replay, whatever is sent and however it ends."""
import json
import os
import pathlib
import random
import resource
import select
import shutil
import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from live_server import HEADER, IS_BLOCK, IS_END, MAGIC, PATIENCE_S, WANTS_VERDICT, Sender, Server
from program import CLICKS, PROGRAM, ProgramTest

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


def as_json(line):
    ts, card, merchant, amount = line.rstrip("\n").split(",")
    amount = amount if amount[0].isdigit() else '"much"'
    return f'{{"ts":{ts},"card":"{card}","merchant":"{merchant}","amount":{amount}}}\n'


class ServeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("test.toml", PIPELINE)

    def use_json_lines(self):
        self.write("test.toml", PIPELINE.replace('"csv"\nheader = false', '"jsonl"'))

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


def without(text, *members):
    """Lines of JSON without some of their members."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        for member in members:
            del line[member]
    return lines


class LinesTest(ServeTest):
    def serve_and_send(self, shards, *arguments, through="udp"):
        """What came out, of the run and of replays of its recording."""
        shutil.rmtree(self.folder / "rec", ignore_errors=True)
        for name in ("late.jsonl", "bad.jsonl"):
            (self.folder / name).unlink(missing_ok=True)
        listening = ["--udp", "127.0.0.1:0"] if through == "udp" else ["--unix", "in.sock"]
        server = self.serve(
            *listening, "--shards", shards, "--until-end", "--record", "rec",
            "--late", "late.jsonl", "--bad", "bad.jsonl",
        )
        to = ["--udp", server.udp] if through == "udp" else ["--unix", "in.sock"]
        self.send("--end", *arguments, *to)
        server.ends_well()
        live = self.outputs()
        for others in ("0", "1", "3"):
            self.assertEqual(self.replayed("rec", "--shards", others), live)
        return live

    def check(self, file, *arguments, **options):
        expected = self.replayed(file)
        self.assertTrue(all(expected))
        for shards in ("0", "1", "3"):
            with self.subTest(shards=shards, arguments=arguments):
                results, late, bad = self.serve_and_send(shards, file, *arguments, **options)
                self.assertEqual((results, late), expected[:2])
                self.assertEqual(without(bad, "file", "line"), without(expected[2], "file", "line"))

    def test_an_event_a_datagram_as_in_a_replay(self):
        # So few that they fit into any receive buffer.
        self.check(self.write("in.csv", "".join(make_payments(200, bad=0.05, late=0.05))))

    def test_many_through_a_unix_socket_as_in_a_replay(self):
        self.check(self.write("in.csv", "".join(make_payments(3000))), through="unix")

    def test_packed_lines_as_in_a_replay(self):
        self.check(self.write("in.csv", "".join(make_payments(3000))), "--pack", "40")

    def test_json_lines_as_in_a_replay(self):
        self.use_json_lines()
        self.check(self.write("in.jsonl", "".join(map(as_json, make_payments(3000)))), "--pack", "40")

    def test_packed_blocks_as_in_a_replay(self):
        file = self.write("in.csv", "".join(make_payments(3000, bad=0)))
        results, late, _ = self.replayed(file)
        for shards in ("0", "1", "3"):
            with self.subTest(shards=shards):
                live = self.serve_and_send(shards, file, "--blocks", "--pack", "40")
                self.assertEqual(live[0], results)
                self.assertEqual(without(live[1], "raw"), without(late, "raw"))
                self.assertEqual(live[2], "")

    def test_the_header_of_a_file_is_not_sent(self):
        self.write("test.toml", PIPELINE.replace("header = false", ""))
        lines = make_payments(200)
        self.check(self.write("in.csv", "ts,card,merchant,amount\n" + "".join(lines)))

    def test_one_server_takes_from_several_sockets(self):
        server = self.serve_udp("--unix", "in.sock", "--udp", "127.0.0.1:0", "--stats", "stats.json")
        lines = make_payments(150, bad=0, late=0)
        for i, to in enumerate((["--udp", server.udp], ["--unix", "in.sock"])):
            self.send(self.write(f"{i}.csv", "".join(lines[i::2])), *to)
        server.ends_well(signal.SIGTERM)
        self.assertEqual(self.stats()["run"]["events"], 150)


class VerdictTest(ServeTest):
    def own_alerts(self):
        """(seq, line) of those that tell of the event that came just then."""
        lines = [(json.loads(line), line) for line in self.read("out.jsonl").splitlines(True)]
        return [(told["seq"], line) for told, line in lines if told["seq"] == told.get("event_seq")]

    def test_each_frame_gets_one_with_the_lines_of_its_own_events(self):
        for shards in ("0", "3"):
            with self.subTest(shards=shards):
                server = self.serve_udp("--shards", shards)
                sender = Sender(self, server.address)
                lines = make_payments(600, bad=0.02, late=0.02)
                choose = random.Random(2)
                spans, seq = [], 0
                while seq < len(lines):
                    spans.append(range(seq, min(seq + choose.randrange(1, 6), len(lines))))
                    seq = spans[-1].stop
                got = []
                for begin in range(0, len(spans), 50):
                    some = spans[begin : begin + 50]
                    for span in some:  # at once, so that they share blocks
                        sender.send(lines[span.start : span.stop], WANTS_VERDICT)
                    got += [sender.verdict() for _ in some]
                server.ends_well(signal.SIGTERM)
                own = self.own_alerts()
                self.assertGreater(len(own), 50)
                self.assertEqual(
                    sorted(got), [(i, [line for seq, line in own if seq in span]) for i, span in enumerate(spans)]
                )

    def test_who_is_not_flagged_gets_an_empty_one(self):
        sender = Sender(self, self.serve_udp().address)
        self.assertEqual(sender.ask(["1800000000000,c1,m1,1.00\n"]), [])
        self.assertEqual(sender.ask(["1800000000000,c1,m1,much\n"]), [])
        self.assertEqual(len(sender.ask(["1800000000000,c1,m1,1.00\n", "1800000000000,c1,m1,200.00\n"])), 2)

    def test_a_block_is_answered_too(self):
        server = self.serve_udp()
        file = self.write("in.csv", "".join(make_payments(400, bad=0, late=0)))
        result = self.send("--verdicts", "--blocks", "--pack", "40", file, "--udp", server.udp)
        server.ends_well(signal.SIGTERM)
        own = [line for _, line in self.own_alerts()]
        self.assertEqual(result.stdout.splitlines(True), own)
        self.assertTrue(own)
        self.assertIn("verdicts: 10 of 10", result.stderr)

    def test_who_is_not_on_the_list_gets_none(self):
        # This machine may always be answered, so the question comes from another address of it.
        server = self.serve("--udp", "0.0.0.0:0", "--stats", "stats.json")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # nothing is sent
            except OSError:
                self.skipTest("this machine has no address but loopback's")
            own = probe.getsockname()[0]
        stranger = Sender(self, (own, server.address[1]))
        stranger.send(["1800000000000,c1,m1,1.00\n"], WANTS_VERDICT)
        local = Sender(self, ("127.0.0.1", server.address[1]))
        self.assertEqual(local.ask(["1800000000000,c1,m1,1.00\n"]), [])
        server.ends_well(signal.SIGTERM)
        verdicts = self.stats()["live"]["verdicts"]
        self.assertEqual((verdicts["sent"], verdicts["not_allowed"]), (1, 1))

    def test_an_unbound_unix_socket_cannot_be_answered(self):
        server = self.serve("--unix", "in.sock", "--stats", "stats.json")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
            header = HEADER.pack(MAGIC, 1, WANTS_VERDICT, 1, 1, 0, 0)
            asking.sendto(header + b"1800000000000,c1,m1,1.00\n", str(self.folder / "in.sock"))
        server.ends_well(signal.SIGTERM)
        self.assertEqual(self.stats()["live"]["verdicts"]["no_address"], 1)


class EndTest(ServeTest):
    def test_told_to_end_it_processes_what_was_sent_and_fires_nothing_else(self):
        for shards in ("0", "1", "3"):
            with self.subTest(shards=shards):
                shutil.rmtree(self.folder / "rec", ignore_errors=True)
                server = self.serve_udp("--shards", shards, "--record", "rec", "--stats", "stats.json")
                sender = Sender(self, server.address)
                lines = make_payments(2000)
                for begin in range(0, len(lines), 20):
                    sender.send(lines[begin : begin + 20])
                server.ends_well(signal.SIGTERM)
                self.assertEqual(self.stats()["run"]["events"], 2000)
                replayed = self.replay("rec")
                self.assertEqual(replayed.stdout, self.read("out.jsonl"))
                self.assertIn("its input did not end", replayed.stderr)
                finished = self.replay("rec", "--finish").stdout
                self.assertTrue(finished.startswith(replayed.stdout))
                self.assertGreater(len(finished), len(replayed.stdout))

    def test_asked_twice_it_ends_though_nobody_reads_its_results(self):
        for shards in ("0", "3"):
            with self.subTest(shards=shards):
                pipe = self.folder / f"pipe{shards}"
                os.mkfifo(pipe)
                reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
                self.addCleanup(os.close, reader)
                server = self.serve_udp("--output", str(pipe), "--shards", shards)
                sender = Sender(self, server.address)
                lines = make_payments(2000, bad=0, late=0)
                for begin in range(0, len(lines), 20):
                    sender.send(lines[begin : begin + 20])
                server.process.send_signal(signal.SIGTERM)
                self.wait_until(lambda: self.caught_or_gone(server.process.pid), "SIGTERM is not caught")
                # At the first one it gives the reader a moment, and may be gone before the second.
                self.assertIn(server.finish(signal.SIGTERM), (1, -signal.SIGTERM), server.stderr)

    def caught_or_gone(self, pid):
        """True once the handler, which is for one SIGTERM, was called."""
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        caught = [line for line in status.splitlines() if line.startswith("SigCgt")]
        return "State:\tZ" in status or not int(caught[0].split()[1], 16) & 1 << (signal.SIGTERM - 1)

    def test_it_is_ready_when_it_takes_events(self):
        server = self.serve_udp("--http", "127.0.0.1:0", until="event=http")
        self.wait_until(lambda: self.get(server, "/readyz")[0] == 200, "it never gets ready")
        self.assertEqual(self.get(server, "/healthz")[0], 200)
        server.ends_well(signal.SIGINT)  # the same as SIGTERM

    def test_systemd_is_told(self):
        path = str(self.folder / "notify.sock")
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(told.close)
        told.settimeout(PATIENCE_S)
        told.bind(path)
        server = self.serve_udp(env={**os.environ, "NOTIFY_SOCKET": path})
        self.assertEqual(told.recv(100), b"READY=1")
        server.ends_well(signal.SIGTERM)
        self.assertEqual(told.recv(100), b"STOPPING=1")

    def test_the_end_of_a_sender_ends_it_only_if_it_shall(self):
        server = self.serve_udp()
        first = Sender(self, server.address)
        first.send(["1800000000000,c1,m1,1.00\n"], IS_END)
        self.assertEqual(Sender(self, server.address).ask(["1800000000000,c1,m1,1.00\n"]), [])
        server.ends_well(signal.SIGTERM)


class FollowTest(ServeTest):
    def test_a_file_is_followed_through_its_renaming(self):
        self.write("test.toml", PIPELINE.replace("header = false", "")
                   + '[[query]]\nname = "seen"\ntype = "aggregate"\nkey = "card"\ncompute = ["count"]\n')
        header, lines = "ts,card,merchant,amount\n", make_payments(300)
        good = sum("much" not in line for line in lines)
        self.write("in.csv", header)
        server = self.serve("--follow", "in.csv", "--record", "rec", until="event=following")

        def seen():
            return self.read("out.jsonl").count('{"query":"seen"')

        def append(more):
            with open(self.folder / "in.csv", "a") as file:
                file.write(more)

        append("".join(lines[:100]) + lines[100][:7])
        append(lines[100][7:])
        self.wait_until(lambda: seen() == sum("much" not in line for line in lines[:101]), "the first lines")
        os.rename(self.folder / "in.csv", self.folder / "in.csv.1")
        with open(self.folder / "in.csv.1", "a") as file:
            file.write("".join(lines[101:200]))
        self.write("in.csv", header + "".join(lines[200:250]))
        append("".join(lines[250:]))
        self.wait_until(lambda: seen() == good, "all lines")
        server.ends_well(signal.SIGTERM)
        recorded = self.replay("rec").stdout
        self.assertEqual(recorded, self.read("out.jsonl"))
        files = self.replay("in.csv.1", "in.csv").stdout
        self.assertTrue(files.startswith(recorded))
        self.assertEqual(self.replay("rec", "--finish").stdout, files)


class OutputTest(ServeTest):
    def test_lines_go_to_sockets(self):
        lines = make_payments(600, bad=0)
        expected = self.replay(self.write("in.csv", "".join(lines))).stdout
        for family, address in ((socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, str(self.folder / "out.sock"))):
            with self.subTest(family=family):
                reader = socket.socket(family, socket.SOCK_DGRAM)
                self.addCleanup(reader.close)
                reader.settimeout(PATIENCE_S)
                reader.bind(address)
                name = "unix:" + address if family == socket.AF_UNIX else "udp:127.0.0.1:%d" % reader.getsockname()[1]
                server = self.serve_udp("--output", name, "--until-end")
                sender = Sender(self, server.address)
                got = b""
                for begin in range(0, len(lines), 20):
                    sender.ask(lines[begin : begin + 20])
                    got += self.waiting_at(reader)
                sender.send([], IS_END)
                while len(got) < len(expected):
                    got += reader.recv(70000)
                server.ends_well()
                self.assertEqual(got.decode(), expected)

    def waiting_at(self, reader):
        got = b""
        while select.select([reader], [], [], 0)[0]:
            got += reader.recv(70000)
        return got

    def test_lines_that_nobody_takes_are_counted(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as reader:
            reader.bind(str(self.folder / "out.sock"))
            server = self.serve_udp("--output", f"unix:{self.folder}/out.sock", "--http", "127.0.0.1:0",
                                    until="event=http")
        sender = Sender(self, server.address)
        self.assertEqual(len(sender.ask(["1800000000000,c1,m1,200.00\n"])), 1)
        self.wait_until(lambda: self.metrics(server)["onrush_result_lines_dropped_total"] == 1, "a line is dropped")
        server.ends_well(signal.SIGTERM)


class LedgerTest(ServeTest):
    def frame(self, sender, lines, **changed):
        """A frame that breaks a rule, where its number would be."""
        fields = {"magic": MAGIC, "version": 1, "flags": 0, "count": len(lines), "sender": sender.number,
                  "sequence": sender.sequence, "before": sender.events, **changed}
        return HEADER.pack(*fields.values()) + "".join(lines).encode()

    def test_every_datagram_and_every_event_is_accounted_for(self):
        server = self.serve_udp("--stats", "stats.json", "--max-lines", "50", "--bad", "bad.jsonl")
        lines = make_payments(300, bad=0.05)
        sender, plain = Sender(self, server.address), Sender(self, server.address)
        frames = [sender.frame(lines[begin : begin + 10]) for begin in range(0, 300, 10)]
        lost, unseen = {7, 8, 20}, {0, 1}
        order = [i for i in range(30) if i not in lost | unseen]
        order[5], order[6] = order[6], order[5]  # one that comes behind a newer one
        for i in order + order[3:6]:  # some again
            sender.socket.send(frames[i])
        for payload in (b"", lines[0].encode(), "".join(lines[:50]).encode(), ("\n" * 51).encode(), MAGIC):
            plain.socket.send(payload)
        one = lines[:1]
        for changed in ({"magic": b"\xf5oRx"}, {"version": 2}, {"flags": 64}, {"flags": 8 | IS_END}, {"count": 0},
                        {"sequence": 1 << 63}, {"before": 1 << 63}):
            plain.socket.send(self.frame(plain, one, **changed))
        for flags in (0, IS_BLOCK):  # numbered, but not what they say
            datagram = plain.frame(one * 3, flags)
            plain.socket.send(datagram[: -len(one[0])] if flags == 0 else datagram)
        plain.send([], 8)  # a verdict
        plain.sequence -= 1
        self.assertEqual(plain.ask(["1800000000000,new,m1,1.00\n"]), [])  # good ones still count
        sender.send([], IS_END)
        server.ends_well(signal.SIGTERM)
        stats = self.stats()
        live, run = stats["live"], stats["run"]
        fates = {name: count for name, count in live["datagrams"].items() if count}
        self.assertEqual(fates, {
            "frame": 26, "plain_lines": 2, "without_events": 1, "empty": 1, "short": 1, "wrong_magic": 1,
            "wrong_version": 1, "wrong_flags": 2, "wrong_count": 2, "wrong_number": 2, "verdict": 1,
            "wrong_block": 1, "too_many_lines": 1, "duplicate": 3,
        })
        self.assertEqual(sum(fates.values()), live["received"])
        counts = live["frames"]
        self.assertEqual((counts["frames_lost"], counts["events_lost"]), (3, 30))
        self.assertEqual((counts["frames_unseen"], counts["events_unseen"]), (2, 20))
        self.assertEqual((counts["frames_reordered"], counts["events_duplicate"]), (1, 30))
        self.assertEqual(counts["events_taken"] + counts["events_lost"] + counts["events_unseen"],
                         sender.events + plain.events)
        self.assertEqual(run["events"], counts["events_taken"] - live["events_refused"] + 51)
        self.assertEqual(run["bad"], self.read("bad.jsonl").count("\n"))
        self.assertEqual(live["senders"], {"known": 2, "seen": 2, "forgotten": 0, "ended": 1})
        for query in run["queries"].values():
            self.assertEqual(query["counted"] + query["late"], run["events"] - run["bad"])

    def test_whatever_is_sent_it_goes_on_answering_and_does_not_grow(self):
        server = self.serve_udp("--max-senders", "64", "--http", "127.0.0.1:0", until="event=http")
        good = Sender(self, server.address)
        choose = random.Random(3)
        lines = make_payments(100)
        strange = Sender(self, server.address)
        for round in range(90):
            for _ in range(50):  # so many fit into any receive buffer
                strange.number = choose.getrandbits(64)
                strange.sequence = choose.choice((0, 1, choose.getrandbits(64)))
                strange.events = choose.getrandbits(10)
                datagram = bytearray(strange.frame(choose.sample(lines, choose.randrange(4)), choose.randrange(16)))
                for _ in range(choose.randrange(4)):
                    datagram[choose.randrange(len(datagram))] = choose.getrandbits(8)
                if choose.random() < 0.3:
                    datagram = choose.randbytes(choose.randrange(1500))
                if choose.random() < 0.2:
                    datagram = MAGIC + bytes(datagram[4:])
                strange.socket.send(datagram[: choose.choice((len(datagram), choose.randrange(1 + len(datagram))))])
            self.assertLessEqual(len(good.ask([choose.choice(lines)])), 2)
            if round == 30:
                grown = self.resident_kib(server)
        self.assertLess(self.resident_kib(server) - grown, 8 * 1024)
        self.assertEqual(self.get(server, "/healthz")[0], 200)
        server.ends_well(signal.SIGTERM)

    def resident_kib(self, server):
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


class PagesTest(ServeTest):
    # Figures of --stats by their place, and what they are called on the page.
    PLAIN = {
        "live.bytes": "onrush_live_received_bytes_total",
        "live.dropped_by_kernel": "onrush_live_kernel_dropped_datagrams_total",
        "live.events_refused": "onrush_live_events_refused_total",
        "live.frames.frames_taken": "onrush_live_frames_taken_total",
        "live.frames.events_taken": "onrush_live_events_taken_total",
        "live.frames.frames_reordered": "onrush_live_frames_reordered_total",
        "live.frames.events_duplicate": "onrush_live_events_duplicate_total",
        "live.frames.frames_contradicting": "onrush_live_frames_contradicting_total",
        "live.frames.frames_lost": 'onrush_live_frames_missing{how="lost"}',
        "live.frames.events_lost": 'onrush_live_events_missing{how="lost"}',
        "live.frames.frames_unseen": 'onrush_live_frames_missing{how="unseen"}',
        "live.frames.events_unseen": 'onrush_live_events_missing{how="unseen"}',
        "live.senders.known": "onrush_live_senders",
        "live.senders.seen": "onrush_live_senders_seen_total",
        "live.senders.forgotten": "onrush_live_senders_forgotten_total",
        "live.senders.ended": "onrush_live_senders_ended_total",
        "live.verdicts.sent": 'onrush_live_verdicts_total{fate="sent"}',
        "live.verdicts.refused_by_kernel": 'onrush_live_verdicts_total{fate="refused_by_kernel"}',
        "live.verdicts.not_allowed": 'onrush_live_verdicts_total{fate="not_allowed"}',
        "live.verdicts.no_address": 'onrush_live_verdicts_total{fate="no_address"}',
        "live.verdicts.shortened": "onrush_live_verdicts_shortened_total",
        "run.streams.payments.read": 'onrush_events_total{stream="payments"}',
        "run.streams.payments.bad": 'onrush_bad_events_total{stream="payments"}',
    }
    OF_A_QUERY = {
        "counted": 'onrush_query_events_total{query="%s",fate="counted"}',
        "late": 'onrush_query_events_total{query="%s",fate="late"}',
        "filtered": 'onrush_query_events_total{query="%s",fate="filtered"}',
        "skipped_null_key": 'onrush_query_events_total{query="%s",fate="null_key"}',
        "rejected": 'onrush_query_events_total{query="%s",fate="rejected"}',
        "partly_late": 'onrush_query_partly_late_events_total{query="%s"}',
        "sum_overflows": 'onrush_query_sum_overflows_total{query="%s"}',
        "lines": 'onrush_result_lines_total{query="%s"}',
    }
    # Sums of others, figures of a file that ended, and what live events do not have.
    NOT_ON_THE_PAGE = {"run.events", "run.bad", "run.lines", "run.elapsed_s", "run.events_per_s", "run.digest",
                       "run.time_zone_data", "run.streams.payments.duplicate", "run.streams.payments.outside",
                       "live.received"}

    def name_of(self, place):
        if place in self.PLAIN:
            return self.PLAIN[place]
        *_, group, name = place.split(".")
        if place.startswith("live.datagrams."):
            return f'onrush_live_datagrams_total{{fate="{name}"}}'
        return self.OF_A_QUERY[name] % group

    def leaves(self, value, place=""):
        if not isinstance(value, dict):
            return {place[1:]: value}
        return {name: leaf for key, inner in value.items() for name, leaf in self.leaves(inner, f"{place}.{key}").items()}

    def test_every_figure_of_the_end_is_on_the_page_before(self):
        server = self.serve_udp("--stats", "stats.json", "--record", "rec", "--http", "127.0.0.1:0", until="event=http")
        sender = Sender(self, server.address)
        lines = make_payments(600, bad=0.05, late=0.05)
        sender.ask(lines[:1])  # a block of its own: the next one is behind a watermark
        sender.frame(lines[:3])  # never sent
        for begin in range(0, 600, 10):
            sender.send(lines[begin : begin + 10])
        sender.ask(lines[:1])
        sender.socket.send(b"\xf5")
        self.wait_until(lambda: self.metrics(server)['onrush_live_datagrams_total{fate="short"}'] == 1, "figures")
        samples = self.metrics(server)
        text = self.get(server, "/metrics")[1]
        server.ends_well(signal.SIGTERM)
        figures = {place: value for place, value in self.leaves(self.stats()).items()
                   if place not in self.NOT_ON_THE_PAGE}
        self.assertGreater(len(figures), 60)
        self.assertEqual({place: samples[self.name_of(place)] for place in figures}, figures)
        self.assertEqual(samples["onrush_recording_rows_total"], 602)
        self.assertEqual(samples["onrush_recording_failed"], 0)
        self.assertEqual(samples["onrush_ready"], 1)
        self.assertGreater(samples["onrush_keys"], 80)
        for name in ("queue_wait", "processing", "answer", "watermark_wait"):
            self.assertGreater(samples[f"onrush_{name}_seconds_count"], 0)
        if shutil.which("promtool"):
            checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    def test_without_a_recording_nothing_is_said_of_one(self):
        server = self.serve_udp("--http", "127.0.0.1:0", until="event=http")
        self.assertNotIn("onrush_recording", self.get(server, "/metrics")[1])
        server.ends_well(signal.SIGTERM)


class FullMediumTest(ServeTest):
    def test_it_goes_on_without_its_recording_and_says_so(self):
        def limit_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error instead
            resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

        for sync in ("interval:5ms", "each", "none"):
            with self.subTest(sync=sync):
                shutil.rmtree(self.folder / "rec", ignore_errors=True)
                server = self.serve_udp(
                    "--record", "rec", "--sync", sync, "--output", "/dev/null", "--http", "127.0.0.1:0",
                    until="event=http", preexec_fn=limit_files,
                )
                self.wait_until(lambda: self.get(server, "/readyz")[0] == 200, "it never gets ready")
                sender = Sender(self, server.address)
                lines = make_payments(3000, bad=0, late=0)
                for begin in range(0, 3000, 50):
                    sender.ask(lines[begin : begin + 50])
                safe = server.wait_for(r"onrush: the recording ends here, (\d+) rows of it are safe: .*rec")
                self.wait_until(lambda: self.metrics(server)["onrush_recording_failed"] == 1, "it is told")
                self.assertEqual(self.get(server, "/readyz")[0], 503)
                self.assertEqual(self.get(server, "/healthz")[0], 200)
                self.assertEqual(len(sender.ask(["1800000400000,new,m1,200.00\n"])), 1)
                server.ends_well(signal.SIGTERM)
                self.assertEqual(server.stderr.count("the recording ends here"), 1)
                replayed = self.replay("rec", "--stats", "stats.json")
                self.assertEqual(replayed.returncode, 0, replayed.stderr)
                self.assertGreaterEqual(self.stats()["events"], int(safe[1]))
                self.assertGreater(self.stats()["events"], 0)


class UsageTest(ServeTest):
    def run_serve(self, *arguments, pipeline="test.toml"):
        return self.run_program("serve", "-p", pipeline, *arguments)

    def test_wrong_usage(self):
        for arguments, *messages in (
            ([], "--udp HOST:PORT", "--unix PATH", "--follow FILE"),
            (["--udp", "127.0.0.1:0", "--follow", "clicks.csv"], "--follow FILE alone"),
            (["--udp", "nope=127.0.0.1:0"], "--udp", "'nope'", "payments"),
            (["--unix", "payment=in.sock"], "--unix", "'payment'", "payments"),
            (["--udp", "9100"], "--udp", "'9100'", "127.0.0.1:9100"),
            (["--udp", "127.0.0.1:0", "--allow", "everybody"], "--allow", "'everybody'"),
            (["--udp", "127.0.0.1:0", "--wait", "sleep"], "--wait", "'sleep'"),
            (["--udp", "127.0.0.1:0", "--sync", "often"], "--sync", "interval:5ms"),
            (["--udp", "127.0.0.1:0", "--shards", "5000"], "--shards", "5000"),
            (["--udp", "127.0.0.1:0", "--max-senders", "0"], "--max-senders", "from 1"),
            (["--udp", "127.0.0.1:0", "--receive-buffer", "1"], "--receive-buffer", "4096"),
            (["--udp", "127.0.0.1:0", "--segment-size", "2 MB"], "--segment-size", "256MiB"),
            (["--ud", "127.0.0.1:0"], "'--ud'"),
        ):
            with self.subTest(arguments=arguments):
                self.assert_fails(self.run_serve(*arguments), 2, *messages)
        self.assert_fails(self.run_program("serve", "--udp", "127.0.0.1:0"), 2, "-p PIPELINE")

    def test_a_stream_is_told_what_its_events_look_like(self):
        self.write("test.toml", PIPELINE.replace('format = "csv"\nheader = false\n', ""))
        self.assert_fails(self.run_serve("--udp", "127.0.0.1:0"), 78, "'payments'", 'format = "csv"')

    def test_what_cannot_be_had_is_a_failure(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            self.assert_fails(self.run_serve("--udp", address), 1, address)
        self.assert_fails(self.run_serve("--follow", "none.csv"), 1, "none.csv")
        for arguments, message in ((["--output", "no/out.jsonl"], "no/out.jsonl"),
                                   (["--record", "clicks.csv"], "clicks.csv"),
                                   (["--http", "0.0.0.0:0"], "127.0.0.1:PORT")):
            with self.subTest(arguments=arguments):
                result = self.run_serve("--udp", "127.0.0.1:0", *arguments)
                self.assertIn(result.returncode, (1, 2, 78), result.stderr)
                self.assertIn(message, result.stderr)

    def test_a_name_of_the_stream_may_be_given(self):
        self.serve("--udp", "payments=127.0.0.1:0").ends_well(signal.SIGTERM)



if __name__ == "__main__":
    unittest.main()
