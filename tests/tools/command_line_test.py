"""Help, wrong usage and the frozen exit codes."""
from program import PROGRAM, ProgramTest


class CommandLineTest(ProgramTest):
    def test_help_is_on_standard_output_with_examples_first(self):
        for arguments in (["--help"], ["help"], ["replay", "--help"], ["check", "-h"], ["help", "gen"]):
            with self.subTest(arguments=arguments):
                result = self.run_program(*arguments)
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertTrue(result.stdout.startswith("  onrush "), result.stdout)

    def test_version(self):
        result = self.run_program("--version")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^onrush \d+\.\d+\.\d+\n$")

    def test_it_has_the_allocator_that_it_was_linked_for(self):
        binary = PROGRAM.read_bytes()
        if b"__asan_init" in binary or b"__tsan_init" in binary:
            self.skipTest("sanitizers bring their own")
        self.assertIn(b"\0libmimalloc.so", binary)

    def test_no_command_is_wrong_usage(self):
        result = self.run_program()
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("Commands:", result.stderr)

    def test_a_mistyped_command_gets_the_nearest_one(self):
        self.assert_fails(self.run_program("replya"), 2, "unknown command 'replya'", "'replay'")

    def test_a_mistyped_flag_gets_the_nearest_one(self):
        self.assert_fails(self.replay("--ouput", "x", "clicks.csv"), 2, "unknown flag '--ouput'", "'--output'")
        self.assert_fails(self.replay("--ouput=x", "clicks.csv"), 2, "unknown flag '--ouput'", "'--output'")
        self.assert_fails(self.run_program("replay", "--pipline", "test.toml"), 2, "'--pipline'", "'--pipeline'")
        self.assert_fails(self.run_program("gen", "clicks", "--sede", "1"), 2, "'--sede'", "'--seed'")

    def test_what_is_missing_is_said(self):
        self.assert_fails(self.run_program("replay", "clicks.csv"), 2, "-p FILE")
        self.assert_fails(self.replay(), 2, "say what to read")
        self.assert_fails(self.run_program("check"), 2, "say which pipeline")
        self.assert_fails(self.run_program("gen"), 2, "clicks, payments or stock")

    def test_wrong_values_name_the_flag(self):
        self.assert_fails(self.replay("--speed", "fast", "clicks.csv"), 2, "--speed 'fast'")
        self.assert_fails(self.replay("--shards", "300", "clicks.csv"), 2, "--shards 300", "0 to 256")
        self.assert_fails(self.replay("--wait", "prak", "clicks.csv"), 2, "--wait", "'park'")
        self.assert_fails(self.replay("--shards", "x", "clicks.csv"), 2, "--shards")
        self.assert_fails(self.replay("--format", "jsonlines", "clicks.csv"), 2, "--format", "'jsonl'")
        self.assert_fails(self.run_program("gen", "clicks", "--disorder", "5"), 2, "--disorder", "'5'")
        self.assert_fails(self.run_program("gen", "clicks", "--events", "-1"), 2, "--events", "'-1'", "from 0 on")
        self.assert_fails(self.replay("--shards", "-1", "clicks.csv"), 2, "--shards", "'-1'", "from 0 on")
        instants = ("2026-03-02T09:00:00Z", "2026-03-02T08:00:00Z")
        self.assert_fails(self.replay("--from", instants[0], "--until", instants[1], "clicks.csv"), 2, *instants)
        self.assert_fails(self.run_program("gen", "clicks", "--late", "2"), 2, "--late 2")
        self.assert_fails(self.run_program("gen", "click"), 2, "'clicks'")

    def test_flags_of_recordings_are_wrong_for_files(self):
        for flag in ("--skip-damaged", "--finish"):
            self.assert_fails(self.replay(flag, "clicks.csv"), 2, flag, "'clicks.csv'")
            self.assert_fails(self.replay(flag, "missing"), 1, "'missing'")

    def test_inputs_and_outputs_are_different_files(self):
        self.assert_fails(self.replay("-o", "x", "--late", "x", "clicks.csv"), 2, "'x'")
        self.assert_fails(self.replay("-o", "clicks.csv", "clicks=clicks.csv"), 2, "'clicks.csv'")


class CheckTest(ProgramTest):
    def test_a_good_pipeline_is_described(self):
        result = self.run_program("check", "test.toml")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("stream clicks", result.stdout)
        self.assertIn("query top_pages", result.stdout)

    def test_a_wrong_pipeline_is_located(self):
        self.write("test.toml", self.read("test.toml").replace("emit =", "emmit ="))
        for command in (["check", "test.toml"], ["replay", "-p", "test.toml", "clicks.csv"]):
            with self.subTest(command=command):
                self.assert_fails(self.run_program(*command), 78, "test.toml:27:1", "'emit'")

    def test_a_missing_pipeline_is_named(self):
        result = self.run_program("check", "none.toml")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("none.toml", result.stderr)


class GenTest(ProgramTest):
    def test_a_file_and_standard_output_get_the_same_bytes(self):
        arguments = ["gen", "payments", "--events", "1000", "--seed", "7", "--disorder", "5s", "--late", "0.1"]
        printed = self.run_program(*arguments)
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        self.assertEqual(self.run_program(*arguments, "--output", "payments.csv").returncode, 0)
        self.assertEqual(self.read("payments.csv"), printed.stdout)
        self.assertEqual(printed.stdout.count("\n"), 1001)

    def test_the_name_of_the_output_tells_the_format(self):
        self.run_program("gen", "stock", "--events", "2", "--output", "stock.jsonl")
        self.assertTrue(self.read("stock.jsonl").startswith('{"ts":'))
