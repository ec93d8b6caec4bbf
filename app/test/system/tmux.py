# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A real terminal, by tmux: lines are typed, and the screen is read as a person would."""

import os
import shutil
import subprocess
import time

PROMPTS = ("$", "testacc>")


class Tmux:
    """A shell in a window of its own, of a server of its own."""

    def __init__(self, folder, env, columns=180):
        self.name = f"hisi-test-{os.getpid()}-{time.monotonic_ns()}"
        self.columns = columns
        self.run("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", "50",
                 "-c", str(folder), "env", *(f"{key}={value}" for key, value in env.items()),
                 "PS1=$ ", "HISTFILE=", "bash", "--norc", "--noprofile", "-i")
        self.wait_prompt(0)

    @staticmethod
    def is_there():
        return shutil.which("tmux") is not None

    def run(self, *words):
        # A server that outlives nobody: it ends with its only session.
        return subprocess.run(["tmux", "-L", self.name, *words], check=True, timeout=30,
                              stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout

    def lines(self):
        """All lines that the window had so far, wrapped ones as one."""
        text = self.run("capture-pane", "-p", "-J", "-S", "-")
        return [line.rstrip() for line in text.rstrip().splitlines()]

    def wait_prompt(self, typed, timeout=90):
        """Until a prompt waits, and as many lines as were typed stand behind others. A message that
        came behind the prompt makes a person press Enter."""
        end = time.monotonic() + timeout
        before, since = None, 0
        while True:
            lines = self.lines()
            done = [line for line in lines if line.startswith(tuple(p + " " for p in PROMPTS))]
            if lines and lines[-1] in PROMPTS and len(done) >= typed:
                return lines
            if lines != before:
                before, since = lines, time.monotonic()
            elif time.monotonic() - since > (1 if len(done) > typed else 5):
                self.run("send-keys", "Enter")
                since = time.monotonic()
            assert time.monotonic() < end, "no prompt:\n" + "\n".join(lines)
            time.sleep(0.1)

    def type(self, line):
        self.run("send-keys", "-l", line)
        self.run("send-keys", "Enter")

    def end(self):
        subprocess.run(["tmux", "-L", self.name, "kill-server"], check=False,
                       stderr=subprocess.DEVNULL)


def play(folder, env, typed):
    """Types line after line; what the screen says then."""
    window = Tmux(folder, env)
    try:
        for count, line in enumerate(typed, 1):
            window.type(line)
            lines = window.wait_prompt(count)
        return lines[:-1]
    finally:
        window.end()
