# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A real terminal, by tmux: lines are typed, and the screen is read as a person would."""

import os
import re
import shutil
import subprocess
import tempfile
import time

from harness import HANG_S

PROMPTS = ("$", "testacc>")
# Drivers and model write when they have something to say, also behind a prompt.
MESSAGE = re.compile(r"(\$ |testacc> )?(HISI_|dpdk-hisi-emu: )")


class Tmux:
    """A shell in a window of its own, of a server of its own. What the shell has of an environment
    is env and nothing else, whatever that of the tests is."""

    def __init__(self, folder, env, columns=180):
        self.columns = columns
        # Its socket is here, in a short path, and nothing of it stays behind.
        self.own = tempfile.mkdtemp(prefix="hisi-test.")
        words = {"HOME": str(folder), "TERM": "screen", "LC_ALL": "C.UTF-8", "PS1": "$ ",
                 "HISTFILE": "",
                 "RUNTIME_DIRECTORY": os.environ.get("RUNTIME_DIRECTORY", "/var/run"), **env}
        try:
            self.run("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", "50",
                     "-c", str(folder), "env", "-i",
                     *(f"{key}={value}" for key, value in words.items()),
                     "bash", "--norc", "--noprofile", "-i")
            self.wait_prompt(0)
        except BaseException:
            self.end()
            raise

    @staticmethod
    def is_there():
        return shutil.which("tmux") is not None

    def run(self, *words):
        # A server that outlives nobody: it ends with its only session.
        env = {key: value for key, value in os.environ.items() if not key.startswith("TMUX")}
        return subprocess.run(["tmux", "-S", f"{self.own}/socket", *words], check=True,
                              timeout=HANG_S, stdout=subprocess.PIPE, text=True,
                              env={**env, "LC_ALL": "C.UTF-8"}).stdout

    def lines(self):
        """All lines that the window had so far, wrapped ones as one."""
        text = self.run("capture-pane", "-p", "-J", "-S", "-")
        return [line.rstrip() for line in text.rstrip().splitlines()]

    def wait_prompt(self, typed, timeout=HANG_S):
        """Until a prompt waits, and as many lines as were typed stand behind others. A message that
        came behind the prompt makes a person press Enter, and so does a screen where nothing
        happens for long. Where the shell complains it is over: what it does not find now will not
        come later."""
        end = time.monotonic() + timeout
        before, since = None, 0
        while True:
            lines = self.lines()
            assert not any(line.startswith("bash: ") for line in lines), "\n".join(lines)
            behind = [line for line in lines if line.startswith(tuple(p + " " for p in PROMPTS))]
            done = [line for line in behind if not MESSAGE.match(line)]
            if lines and lines[-1] in PROMPTS and len(done) >= typed:
                return lines
            if lines != before:
                before, since = lines, time.monotonic()
            elif time.monotonic() - since > (1 if behind and behind[-1] not in done else 30):
                self.run("send-keys", "Enter")
                since = time.monotonic()
            assert time.monotonic() < end, "no prompt:\n" + "\n".join(lines)
            time.sleep(0.1)

    def wait_messages(self, count, timeout=HANG_S):
        """Until there were so many: they are not to get into what is typed next."""
        end = time.monotonic() + timeout
        while sum(bool(MESSAGE.match(line)) for line in self.lines()) < count:
            assert time.monotonic() < end, "no message:\n" + "\n".join(self.lines())
            time.sleep(0.1)

    def type(self, line):
        self.run("send-keys", "-l", line)
        self.run("send-keys", "Enter")

    def end(self):
        subprocess.run(["tmux", "-S", f"{self.own}/socket", "kill-server"], check=False,
                       stderr=subprocess.DEVNULL)
        shutil.rmtree(self.own, ignore_errors=True)


def play(folder, env, typed):
    """Types line after line, of (line, messages that there are then); what the screen says."""
    window = Tmux(folder, env)
    try:
        for count, (line, messages) in enumerate(typed, 1):
            window.type(line)
            window.wait_messages(messages)
            lines = window.wait_prompt(count)
        return lines[:-1]
    finally:
        window.end()
