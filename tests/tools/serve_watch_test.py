"""`onrush serve` watched: its ledgers, its pages, and what it says when something fails."""
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import unittest

from live_server import HEADER, IS_BLOCK, IS_END, MAGIC, PIPELINE, Sender, ServeTest, make_payments


ROOT = pathlib.Path(__file__).resolve().parents[2]


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
        "lines_dropped.results": 'onrush_output_lines_dropped_total{output="results"}',
        "lines_dropped.late": 'onrush_output_lines_dropped_total{output="late"}',
        "lines_dropped.bad": 'onrush_output_lines_dropped_total{output="bad"}',
        "run.streams.payments.read": 'onrush_events_total{stream="payments"}',
        "run.streams.payments.bad": 'onrush_bad_events_total{stream="payments"}',
    }
    OF_A_QUERY = {
        "counted": 'onrush_query_events_total{query="%s",fate="counted"}',
        "late": 'onrush_query_events_total{query="%s",fate="late"}',
        "filtered": 'onrush_query_events_total{query="%s",fate="filtered"}',
        "skipped_null_key": 'onrush_query_events_total{query="%s",fate="null_key"}',
        "rejected": 'onrush_query_events_total{query="%s",fate="rejected"}',
        "over_max_keys": 'onrush_query_events_total{query="%s",fate="over_max_keys"}',
        "partly_late": 'onrush_query_partly_late_events_total{query="%s"}',
        "sum_overflows": 'onrush_query_sum_overflows_total{query="%s"}',
        "lines": 'onrush_result_lines_total{query="%s"}',
    }
    # Sums of others, figures of a file that ended, and what live events do not have.
    NOT_ON_THE_PAGE = {"run.events", "run.bad", "run.lines", "run.elapsed_s", "run.events_per_s", "run.digest",
                       "run.time_zone_data", "run.streams.payments.duplicate", "run.streams.payments.outside",
                       "live.received", "run.notes"}

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
        return {name: leaf for key, inner in value.items()
                for name, leaf in self.leaves(inner, f"{place}.{key}").items()}

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
        stats = self.stats()
        times = stats.pop("times")
        figures = {place: value for place, value in self.leaves(stats).items() if place not in self.NOT_ON_THE_PAGE}
        self.assertGreater(len(figures), 60)
        self.assertEqual({place: samples[self.name_of(place)] for place in figures}, figures)
        self.assertEqual(samples["onrush_recording_rows_total"], 62)
        self.assertEqual(samples["onrush_recording_failed"], 0)
        self.assertEqual(samples["onrush_ready"], 1)
        self.assertGreater(samples["onrush_keys"], 80)
        for name in ("queue_wait", "processing", "answer", "watermark_wait"):
            self.assertGreater(times[f"{name}_ns"]["count"], 0)
            self.assertEqual(samples[f"onrush_{name}_seconds_count"], times[f"{name}_ns"]["count"])
            self.assertLessEqual(times[f"{name}_ns"]["p50"], times[f"{name}_ns"]["max"])
        if shutil.which("promtool"):
            checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    def test_what_the_kernel_drops_last_is_on_the_page_though_nothing_follows(self):
        server = self.serve_udp("--receive-buffer", "16KiB", "--http", "127.0.0.1:0", until="event=http")
        sender = Sender(self, server.address)
        name = "onrush_live_kernel_dropped_datagrams_total"
        self.wait_until(lambda: name in self.metrics(server), "figures")
        os.kill(server.process.pid, signal.SIGSTOP)
        for line in make_payments(2000, bad=0, late=0):
            sender.send([line])
        os.kill(server.process.pid, signal.SIGCONT)
        taken = "onrush_live_frames_taken_total"
        self.wait_until(lambda: sum(self.metrics(server)[one] for one in (name, taken)) == 2000, "the last drops")
        self.assertGreater(self.metrics(server)[name], 0)
        server.ends_well(signal.SIGTERM)

    def test_times_long_ago_are_a_long_lag(self):
        self.write("test.toml", PIPELINE.replace("unix_ms", "unix_ns"))
        server = self.serve_udp("--http", "127.0.0.1:0", until="event=http")
        Sender(self, server.address).ask(["-9000000000000000000,c1,m1,1.00\n"])
        Sender(self, server.address).ask(["-9000000000000000000,c1,m1,1.00\n"])
        lag = "onrush_watermark_lag_seconds"
        self.wait_until(lambda: self.metrics(server).get(lag), "figures")
        self.assertGreater(self.metrics(server)[lag], 1e10)
        self.assertGreater(self.metrics(server)["onrush_watermark_wait_seconds_sum"], 1e10)
        server.ends_well(signal.SIGTERM)

    def test_one_single_datagram_in_64_is_timed_without_stalls(self):
        server = self.serve_udp("--stats", "stats.json")
        sender = Sender(self, server.address)
        for line in make_payments(130, bad=0, late=0):
            sender.ask([line])
        server.ends_well(signal.SIGTERM)
        times = self.stats()["times"]
        self.assertEqual((times["processing_ns"]["count"], times["own_processing_ns"]["count"]), (130, 2))
        self.assertLessEqual(times["own_processing_ns"]["max"], times["processing_ns"]["max"])

    def test_the_dashboard_shows_what_there_is(self):
        server = self.serve_udp("--record", "rec", "--http", "127.0.0.1:0", until="event=http")
        self.assertEqual(Sender(self, server.address).ask(make_payments(1)), [])
        self.wait_until(lambda: self.metrics(server).get("onrush_keys"), "figures")
        page = self.get(server, "/metrics")[1]
        server.ends_well(signal.SIGTERM)
        dashboard = json.loads((ROOT / "tools/monitoring/grafana.json").read_text())
        expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        shown = {name for expression in expressions for name in re.findall(r"onrush_\w+", expression)}
        self.assertGreater(len(shown), 20)
        self.assertEqual([name for name in shown if f"\n{name}{{" not in page and f"\n{name} " not in page], [])

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

    def test_results_that_cannot_be_written_end_it_and_what_arrived_is_kept(self):
        server = self.serve_udp("--record", "rec", "--output", "/dev/full")
        Sender(self, server.address).send(["1800000000000,c1,m1,200.00\n"])
        self.assertEqual(server.finish(), 1)
        self.assertIn("/dev/full: cannot write", server.stderr)
        self.assertEqual(self.replay("rec").stdout.count('{"query":"widely","seq":0'), 1)


if __name__ == "__main__":
    unittest.main()
