"""How the scripts beside this one tell what they measured."""
import os
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def machine():
    """What it ran on, in a line."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", info)
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.splitlines()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} processors, Linux {platform.release()}, "
            f"{compiler[0] if compiler else '?'}, commit {commit.strip() or '?'}")


def write_table(command, lines):
    """Puts lines in place of what bench/README.md has between the marks of a command."""
    readme = ROOT / "bench/README.md"
    text = re.sub(rf"(<!-- {command} -->\n).*?(<!-- end -->)", lambda m: m[1] + "\n".join(lines) + "\n" + m[2],
                  readme.read_text(), flags=re.DOTALL)
    readme.write_text(text)
