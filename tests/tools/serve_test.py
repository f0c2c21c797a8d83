"""`onrush serve`: what goes in comes out as in a replay, whatever is sent and however it ends."""
import json
import os
import pathlib
import random
import re
import select
import shutil
import signal
import socket
import unittest

from live_server import HEADER, IS_END, MAGIC, PATIENCE_S, PIPELINE, WANTS_VERDICT, Sender, ServeTest, make_payments


def as_json(line):
    ts, card, merchant, amount = line.rstrip("\n").split(",")
    amount = amount if amount[0].isdigit() else '"much"'
    return f'{{"ts":{ts},"card":"{card}","merchant":"{merchant}","amount":{amount}}}\n'


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
        self.write("test.toml", PIPELINE.replace('"csv"\nheader = false', '"jsonl"'))
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

    def test_an_answer_tells_when_it_was_decided(self):
        server = self.serve_udp()
        file = self.write("in.csv", "".join(make_payments(300, bad=0, late=0)))
        result = self.send("--measure", "--stats", "sent.json", file, "--udp", server.udp)
        server.ends_well(signal.SIGTERM)
        sent = json.loads(self.read("sent.json"))
        self.assertEqual(sent["verdicts"]["answered"], 300)
        self.assertEqual(sent["sent_to_decided_ns"]["count"], 300)
        self.assertLess(sent["sent_to_decided_ns"]["sum"], sent["sent_to_answer_ns"]["sum"])

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

    def test_a_watchdog_is_told_that_it_still_works(self):
        told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(told.close)
        told.settimeout(PATIENCE_S)
        path = str(self.folder / "notify")
        told.bind(path)
        server = self.serve_udp(env={**os.environ, "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
        self.assertEqual([told.recv(100) for _ in range(3)], [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"])
        server.ends_well(signal.SIGTERM)

    def test_the_end_of_a_sender_ends_it_only_if_it_shall(self):
        server = self.serve_udp()
        first = Sender(self, server.address)
        first.send(["1800000000000,c1,m1,1.00\n"], IS_END)
        self.assertEqual(Sender(self, server.address).ask(["1800000000000,c1,m1,1.00\n"]), [])
        server.ends_well(signal.SIGTERM)

    def test_at_the_end_of_a_sender_what_others_sent_before_is_processed(self):
        lines = make_payments(1000, bad=0, late=0)
        for shards in ("0", "3"):
            with self.subTest(shards=shards):
                server = self.serve_udp("--udp", "127.0.0.1:0", "--unix", "in.sock", "--until-end", "--shards", shards,
                                        "--stats", "stats.json", until="address=.*in.sock")
                addresses = re.findall(r"address=127.0.0.1:(\d+)", server.stderr)
                senders = [Sender(self, ("127.0.0.1", int(port))) for port in addresses]
                self.assertEqual(len(senders), 2)
                # While it stands still, so that all of it is there when the end is seen.
                os.kill(server.process.pid, signal.SIGSTOP)
                for i in range(0, 1000, 10):
                    senders[i // 10 % 2].send(lines[i : i + 10])
                senders[0].send([], IS_END)
                senders[1].send(lines[:1])
                os.kill(server.process.pid, signal.SIGCONT)
                server.ends_well()
                self.assertEqual(self.stats()["run"]["events"], 1001)


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
        self.assertEqual(len(sender.ask(["1800000000000,c1,m1,200.00\n1800000000000,c2,m1,200.00\n"])), 2)
        dropped = 'onrush_output_lines_dropped_total{output="results"}'
        self.wait_until(lambda: self.metrics(server)[dropped] == 2, "both lines are dropped")
        server.ends_well(signal.SIGTERM)
        self.assertIn("2 lines of results were not taken by their output", server.stderr)


class UsageTest(ServeTest):
    def run_serve(self, *arguments, pipeline="test.toml"):
        return self.run_program("serve", "-p", pipeline, *arguments)

    def test_wrong_usage(self):
        for arguments, *messages in (
            ([], "--udp HOST:PORT", "--unix PATH", "--follow FILE"),
            (["--udp", "127.0.0.1:0", "--follow", "clicks.csv"], "--follow FILE alone"),
            (["--follow", "clicks.csv", "--until-end"], "--until-end"),
            (["--udp", "nope=127.0.0.1:0"], "--udp", "'nope'", "payments"),
            (["--unix", "payment=in.sock"], "--unix", "'payment'", "payments"),
            (["--udp", "9100"], "--udp", "'9100'", "127.0.0.1:9100"),
            (["--udp", "127.0.0.1:0", "--allow", "everybody"], "--allow", "'everybody'"),
            (["--udp", "127.0.0.1:0", "--wait", "sleep"], "serve: --wait: unknown strategy 'sleep'"),
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

    def test_a_recording_of_another_stream_is_not_gone_on_with(self):
        self.write("other.toml", PIPELINE.replace("payments", "refunds"))
        self.assertEqual(self.run_program("record", "-p", "other.toml", "rec", input="1800000000000,c,m,1\n").returncode, 0)
        before = sorted(path.name for path in (self.folder / "rec").iterdir())
        result = self.run_serve("--udp", "127.0.0.1:0", "--record", "rec")
        self.assertEqual(result.returncode, 78, result.stderr)
        self.assertIn("found a recording of the stream 'refunds' in csv", result.stderr)
        self.assertEqual(sorted(path.name for path in (self.folder / "rec").iterdir()), before)

    def test_a_header_is_not_recorded_where_it_would_be_removed(self):
        self.write("test.toml", PIPELINE.replace("header = false\n", ""))
        self.write("in.csv", "")
        result = self.run_serve("--follow", "in.csv", "--record", "rec", "--keep-size", "1MiB")
        self.assertEqual(result.returncode, 78, result.stderr)
        self.assertIn("header = false", result.stderr)

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
