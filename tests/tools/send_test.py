"""`onrush send`, and frames as ingest/README.md tells them."""
import json
import socket
import struct
import threading
import time
import unittest

from program import CLICKS, ProgramTest

HEADER = struct.Struct("<4sBBHQQQ")
MAGIC = b"\xf5oRf"
WANTS_VERDICT, IS_BLOCK, IS_END, IS_VERDICT, TIME = 1, 2, 4, 8, 16
LINES = [line + "\n" for line in CLICKS.splitlines()[1:]]


class Receiver(threading.Thread):
    """Takes datagrams until the test is over, and answers those that ask."""

    def __init__(self, receiving):
        super().__init__()
        self.socket = receiving
        self.datagrams = []
        self.done = False

    def run(self):
        self.socket.settimeout(0.1)
        while True:
            try:
                datagram, sender = self.socket.recvfrom(70000)
            except TimeoutError:
                if self.done:
                    return
                continue
            self.datagrams.append(datagram)
            magic, version, flags, count, *numbers = HEADER.unpack_from(datagram.ljust(HEADER.size))
            if magic == MAGIC and flags & WANTS_VERDICT:
                lines = b'{"flagged":%d}\n' % numbers[1] if numbers[1] % 2 else b""
                header = HEADER.pack(MAGIC, 1, IS_VERDICT | flags & TIME, 1 if lines else 0, *numbers)
                decided = struct.pack("<Q", time.monotonic_ns()) if flags & TIME else b""
                self.socket.sendto(header + decided + lines, sender)

    def finish(self):
        self.done = True
        self.join()
        return self.datagrams


class SendTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.udp = self.open(socket.AF_INET, ("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.udp.getsockname()[1]

    def open(self, family, address):
        receiving = socket.socket(family, socket.SOCK_DGRAM)
        self.addCleanup(receiving.close)
        receiving.bind(address)
        return receiving

    def send(self, *arguments, receiving=None):
        """What the program printed, and the datagrams that came."""
        receiver = Receiver(receiving or self.udp)
        receiver.start()
        to = ["--udp", self.address] if receiving is None else []
        result = self.run_program("send", *arguments, *to)
        datagrams = receiver.finish()
        self.assertEqual(result.returncode, 0, result.stderr)
        return result, datagrams

    def read_frames(self, datagrams):
        """(flags, count, payload) of each, once their numbers are right."""
        frames, events = [], 0
        for sequence, datagram in enumerate(datagrams):
            magic, version, flags, count, sender, number, before = HEADER.unpack_from(datagram)
            self.assertEqual((magic, version, number, before), (MAGIC, 1, sequence, events))
            self.assertEqual(sender, HEADER.unpack_from(datagrams[0])[4])
            events += count
            frames.append((flags, count, datagram[HEADER.size :]))
        return frames

    def test_a_frame_an_event_without_the_header_line(self):
        result, datagrams = self.send("clicks.csv")
        self.assertEqual(self.read_frames(datagrams), [(0, 1, line.encode()) for line in LINES])
        self.assertRegex(result.stderr, r"^6 events in 6 datagrams, \d+ bytes, in [\d.]+ s ")
        self.assertEqual(result.stdout, "")

    def test_senders_differ_from_run_to_run(self):
        senders = {HEADER.unpack_from(self.send("clicks.csv")[1][0])[4] for _ in range(3)}
        self.assertEqual(len(senders), 3)

    def test_several_events_a_frame_and_an_end(self):
        _, datagrams = self.send("clicks.csv", "--pack", "4", "--end", "--rate", "1000000")
        self.assertEqual(
            self.read_frames(datagrams),
            [(0, 4, "".join(LINES[:4]).encode()), (0, 2, "".join(LINES[4:]).encode()), (IS_END, 0, b"")],
        )

    def test_plain_lines(self):
        _, datagrams = self.send("clicks.csv", "--plain", "--pack", "5")
        self.assertEqual(datagrams, ["".join(LINES[:5]).encode(), LINES[5].encode()])

    def test_bundled_datagrams_are_the_same(self):
        self.write("many.csv", "a\n" + "".join(f"{i}\n" for i in range(0, 450, 3)))
        payloads = [payload for _, _, payload in self.read_frames(self.send("many.csv", "--bundle")[1])]
        self.assertEqual(payloads, [b"%d\n" % i for i in range(0, 450, 3)])

    def test_blocks_that_are_due_together_leave_in_one_piece(self):
        self.write("pages.csv", "ts,page\n" + "".join(f"{i},/{'x' * i}\n" for i in range(20)))
        arguments = ("-p", "test.toml", "pages.csv", "--blocks", "--pack", "2", "--rate", "20000")
        alone = [payload for _, _, payload in self.read_frames(self.send(*arguments)[1])]
        together = [payload for _, _, payload in self.read_frames(self.send(*arguments, "--bundle")[1])]
        self.assertEqual([payload.ljust(max(map(len, alone)), b"\0") for payload in alone], together)
        self.assertGreater(len({len(payload) for payload in alone}), 1)

    def test_records_with_newlines_are_whole(self):
        self.write("quoted.csv", 'a,b\n1,"x\ny"\n2,z\n')
        _, datagrams = self.send("quoted.csv")
        self.assertEqual(self.read_frames(datagrams), [(0, 1, b'1,"x\ny"\n'), (0, 1, b"2,z\n")])

    def test_blocks(self):
        _, datagrams = self.send("-p", "test.toml", "clicks.csv", "--blocks", "--pack", "4")
        frames = self.read_frames(datagrams)
        self.assertEqual([frame[:2] for frame in frames], [(IS_BLOCK, 4), (IS_BLOCK, 2)])
        self.assertTrue(all(payload.startswith(b"oRBk") for _, _, payload in frames))

    def test_a_datagram_holds_what_fits(self):
        self.write("long.jsonl", ('{"a":"%s"}\n' % ("x" * 30000)) * 5 + '{"a":"%s"}\n' % ("y" * 66000))
        result, datagrams = self.send("long.jsonl", "--pack", "100")
        self.assertEqual([count for _, count, _ in self.read_frames(datagrams)], [2, 2, 1])
        self.assertIn("left out: 1 events too large", result.stderr)

    def test_a_unix_socket_gets_all_however_slow_it_is(self):
        path = str(self.folder / "in.sock")
        self.write("many.csv", "a\n" + "".join(f"{i}\n" for i in range(1000)))
        _, datagrams = self.send(
            "many.csv", "--unix", path, "--verdicts", receiving=self.open(socket.AF_UNIX, path)
        )
        self.assertEqual(len(self.read_frames(datagrams)), 1000)

    def test_verdicts_are_printed(self):
        result, datagrams = self.send("clicks.csv", "--verdicts")
        self.assertEqual({flags for flags, _, _ in self.read_frames(datagrams)}, {WANTS_VERDICT})
        self.assertNotIn("sent to", result.stderr)
        self.assertEqual(result.stdout, '{"flagged":1}\n{"flagged":3}\n{"flagged":5}\n')
        self.assertIn("verdicts: 6 of 6, with 3 lines", result.stderr)

    def test_times_are_told(self):
        result, _ = self.send("clicks.csv", "--measure", "--rate", "1000", "--stats", "stats.json")
        self.assertEqual(result.stdout, "")
        self.assertIn("due to answer", result.stderr)
        stats = json.loads(self.read("stats.json"))
        self.assertEqual((stats["events"], stats["handed_over"], stats["refused"]), (6, 6, {}))
        self.assertEqual(stats["verdicts"], {"answered": 6, "lines": 3, "foreign": 0})
        for name in ("due_to_answer_ns", "sent_to_answer_ns", "sent_to_decided_ns"):
            self.assertEqual(stats[name]["count"], 6)
            self.assertLessEqual(stats[name]["p50"], stats[name]["max"])
        self.assertLessEqual(stats["sent_to_answer_ns"]["sum"], stats["due_to_answer_ns"]["sum"])
        self.assertLessEqual(stats["sent_to_decided_ns"]["sum"], stats["sent_to_answer_ns"]["sum"])
        self.assertIn("sent to decided", result.stderr)

    def test_event_time_sets_the_pace(self):
        result, datagrams = self.send(
            "-p", "test.toml", "clicks.csv", "--speed", "1000000x", "--stats", "stats.json"
        )
        self.assertEqual(len(self.read_frames(datagrams)), 6)
        self.assertIn("after its time", result.stderr)

    def test_lines_are_sent_whatever_they_hold(self):
        lines = '{"ts":1,"card":"a"}\n{"ts":1,"card":{"a":1}}\nno json\n'
        self.write("mixed.jsonl", lines)
        _, datagrams = self.send("mixed.jsonl", "--plain")
        self.assertEqual(datagrams, [line.encode() for line in lines.splitlines(True)])

    def test_nobody_there_is_a_failure(self):
        self.udp.close()
        result = self.run_program("send", "clicks.csv", "--udp", self.address, "--rate", "1000")
        self.assertEqual(result.returncode, 1)
        self.assertIn("ECONNREFUSED", result.stderr)
        missing = self.run_program("send", "clicks.csv", "--unix", "none.sock")
        self.assert_fails(missing, 1, "none.sock")

    def test_wrong_usage(self):
        for arguments, *messages in (
            (["clicks.csv"], "--udp HOST:PORT"),
            (["--udp", self.address], "say what to send"),
            (["clicks.csv", "--udp", "9100"], "'9100'", "127.0.0.1:9100"),
            (["clicks.csv", "--udp", self.address, "--unix", "x"], "--udp HOST:PORT or --unix PATH"),
            (["clicks.csv", "--udp", self.address, "--pack", "0"], "--pack 0", "1 to 65535"),
            (["clicks.csv", "--udp", self.address, "--speed", "1x"], "-p PIPELINE"),
            (["clicks.csv", "--udp", self.address, "--plain", "--measure"], "--plain"),
            (["clicks.csv", "--udp", self.address, "--rat", "1"], "'--rate'"),
        ):
            with self.subTest(arguments=arguments):
                self.assert_fails(self.run_program("send", *arguments), 2, *messages)

    def test_columns_that_the_receiver_would_mistake_are_refused(self):
        self.write("other.csv", "page,ts\n/a,0\n")
        result = self.run_program("send", "-p", "test.toml", "other.csv", "--udp", self.address)
        self.assert_fails(result, 78, "other.csv", "page,ts", "ts,page", "--blocks")
        self.run_program("convert", "clicks.csv", "clicks.orb")
        result = self.run_program("send", "clicks.orb", "--udp", self.address)
        self.assert_fails(result, 78, "--blocks")


if __name__ == "__main__":
    unittest.main()
