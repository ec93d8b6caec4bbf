#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Runs a command in a guest machine; devtools/vm.sh is the name to call it by."""

import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HELP = """usage: vm.sh [OPTION...] [--device ENGINE[,key=value...]]... -- COMMAND [ARGUMENT...]

Boots a Debian kernel in QEMU (software emulation) with one PCI device per function of each device
model, behind an IOMMU, runs COMMAND there as root on this machine's own root file system under a
throw-away layer, prints its output and returns its status. Changes that COMMAND makes are gone
afterwards, except in the folder $HISI_OUT.

  --device ENGINE,...  may be repeated; ENGINE is zip or sec; keys:
      version=v2|v3|v4|v5  generation of the device (v3)
      function=pf|vf     pf: the PF, and its VFs if vfs=N is given; vf: VFs only, of a PF that the
                         model drives itself
      queues=N           queues of the PF (64)
      vfs=N              VFs (pf: 0, vf: 1), each a PCI device of its own behind the PF's
      vf_queues=N        queues that the device has for each VF (16)
      bind=DRIVER|none   driver that its functions are bound to before COMMAND (vfio-pci); with
                         none, no driver takes them until driver_override is written
      workers=N, dma_fault=device|op, trace  as devtools/with-emu.sh has them
      any other key      goes to the model's --device as it is
  --fault N:TEXT       may be repeated; fault rules for the model of device N, from its start on
  --results DIR        where logs go and what $HISI_OUT is (a new folder in BUILD/vm-results)
  --memory MIB         memory of the guest (2048)
  --cpus N             CPUs of the guest (2)
  --hugepages N        hugepages of 2 MB set aside and mounted in the guest (256)
  --timeout S          the guest is ended after that many seconds (600)
  --append WORDS       more for the kernel's command line
COMMAND has no standard input. Its environment:
  HISI_FUNCTIONS     PCI addresses of all functions, in the order of the options, PF before VFs
  HISI_BDF           the first of them
  HISI_DEVICE_N      those of device N
  HISI_EAL_ARGS      EAL arguments: -d and -a for each function bound to vfio-pci
  HISI_OUT           the folder that stays
  HISI_BUILD, LD_LIBRARY_PATH, PATH, HOME
Left in the results folder: serial.log, dmesg, stdout, stderr, qemu.log, emu-N.log of device N.
$HISI_OUT/host kill|stop|cont|stats N, called in the guest, sends the signal to device N's model;
$HISI_OUT/host send N WORD... sends it a command, such as fault drop op=5, and prints the answer.
Exit status: COMMAND's; 2 bad usage; 77 no guest machine can be had here, with the reason;
124 time-out; 125 the guest did not come to COMMAND's end.

  devtools/vm.sh --device zip -- lspci -nnk
"""

TOP = Path(__file__).resolve().parents[1]
DRIVERS = {"zip": "compress_hisi_zip", "sec": "crypto_hisi_sec"}
SKIP, TIMEOUT, BROKEN = 77, 124, 125
# Of the root bus; slot 0x1f is the chipset's.
FIRST_SLOT = 0x10
KEPT_RESULTS = 9
# Of the guest's memory, what cannot be hugepages.
REST_MIB = 512
MAX_FUNCTIONS = 15
# The last three leave work out of each boot. The timer check wants some ticks within 100 ms of its
# own time, which an emulated CPU that has to wait for a host's does not see, and panics.
KERNEL_WORDS = ("console=ttyS0 quiet panic=-1 log_buf_len=4M intel_iommu=on no_timer_check "
                "mitigations=off nokaslr init_on_alloc=0 apparmor=0 audit=0")
# What this release of Debian and DPDK run on at least, and no more: an emulated CPU is slow at wide
# registers, and at copying by strings of bytes, which libraries choose where they find it.
CPU = "Westmere,+rdrand"
# A model that was stopped does not answer.
SEND_S = 20
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP, "cont": signal.SIGCONT,
           "stats": signal.SIGUSR1}
# Asks vm_run.py and waits for its answer: both sides see each other's files at once.
HOST_SCRIPT = """#!/bin/sh
ask=$(mktemp -p "$HISI_OUT/ask" tmp.XXXXXX) || exit 1
echo "$*" > "$ask"
name=$HISI_OUT/ask/$$.ask
mv "$ask" "$name"
while [ -e "$name" ]; do sleep 0.05; done
answer=$HISI_OUT/ask/$$.answer
[ -e "$answer" ] || exit 0
sed '$d' "$answer"
status=$(tail -n 1 "$answer")
rm "$answer"
exit "$status"
"""


class Stop(Exception):
    """Ends this program with a status, and a reason unless it was given already."""

    def __init__(self, status, reason=""):
        super().__init__(reason)
        self.status = status


class Device:
    """One --device and its model."""

    def __init__(self, text, index, sockets):
        words = text.split(",")
        self.index = index
        self.engine = words[0]
        if self.engine not in DRIVERS:
            raise Stop(2, f"unknown engine '{self.engine}', known: {', '.join(DRIVERS)}")
        self.keys = {}
        for word in words[1:]:
            key, _, value = word.partition("=")
            if key in self.keys:
                raise Stop(2, f"key '{key}' is given twice in '{text}'")
            self.keys[key] = value
        self.driver = self.keys.pop("bind", "vfio-pci")
        if not self.driver:
            raise Stop(2, f"bind= in '{text}': the name of a driver or none is needed")
        for key in ("socket", "vf_socket"):
            if key in self.keys:
                raise Stop(2, f"{key} in '{text}': sockets are this program's own; leave it out")
        self.control = f"{sockets}/{index}.control"
        self.options = ["--quiet", f"--control={self.control}"]
        self.sockets = []
        self.emulator = None
        self.process = None
        self._set_functions(sockets)

    def _set_functions(self, sockets):
        keys = self.keys
        function = keys.pop("function", "pf")
        if function not in ("pf", "vf"):
            raise Stop(2, f"function={function}: pf or vf is needed")
        for key, option in (("workers", "--workers={}"), ("dma_fault", "--dma-fault={}")):
            if key in keys:
                self.options.append(option.format(keys.pop(key)))
        if "trace" in keys:
            if keys.pop("trace"):
                raise Stop(2, "trace takes no value")
            self.options[0] = "--trace"
        pf = f"{sockets}/{self.index}-pf.sock"
        text = keys.setdefault("vfs", "0" if function == "pf" else "1")
        if not text.isdigit():
            raise Stop(2, f"vfs={text}: a number is needed")
        vfs = int(text)
        keys["socket"] = pf
        if vfs:
            keys["vf_socket"] = f"{sockets}/{self.index}-vf%d.sock"
        if function == "pf":
            self.sockets.append(pf)
        else:
            self.options.append("--pf=self")
        self.sockets += [f"{sockets}/{self.index}-vf{i}.sock" for i in range(vfs)]

    def start(self, emulator, log):
        self.emulator = emulator
        words = [self.engine] + [f"{key}={value}" for key, value in self.keys.items()]
        ready, told = os.pipe()
        with open(log, "w") as err:
            self.process = start([emulator, "--device", ",".join(words), *self.options,
                                  f"--ready-fd={told}"], err, [told])
        os.close(told)
        with os.fdopen(ready, "rb") as pipe:
            if pipe.read(1) == b"":
                status = self.process.wait()
                raise Stop(2 if status == 2 else BROKEN, Path(log).read_text().rstrip())

    def send(self, words):
        """A command for the model: its answer, and the status of that in a last line."""
        try:
            done = subprocess.run([self.emulator, f"--send={self.control}", *words], check=False,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, timeout=SEND_S)
        except subprocess.TimeoutExpired:
            return f"the model of device {self.index} does not answer\n1\n"
        return f"{done.stdout}{done.returncode}\n"


def start(argv, log, fds=()):
    """A process that does not outlive this one, and that a Ctrl-C does not reach."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *argv], stdin=subprocess.DEVNULL,
                            stdout=log, stderr=log, pass_fds=fds, start_new_session=True)


def number(options, name, value):
    if not value.isdigit() or int(value) == 0:
        raise Stop(2, f"{name} {value}: a number above 0 is needed")
    options[name] = int(value)


def parse(argv):
    """Options by name, "--device" and "--fault" lists of texts, "command" a list of words."""
    options = {"--device": [], "--fault": [], "--results": None, "--memory": 2048, "--cpus": 2,
               "--timeout": 600, "--hugepages": 256, "--append": ""}
    args = list(argv)
    while args:
        arg = args.pop(0)
        if arg in ("-h", "--help"):
            print(HELP, end="")
            raise Stop(0)
        if arg == "--":
            break
        if arg.startswith("--") and "=" in arg:
            arg, _, value = arg.partition("=")
            args.insert(0, value)
        if not arg.startswith("-"):
            raise Stop(2, f"'{arg}' is no option; put -- before COMMAND")
        if arg not in options:
            raise Stop(2, f"unknown option '{arg}'; --help lists the options")
        if not args or args[0] == "--":
            raise Stop(2, f"{arg} needs a value")
        value = args.pop(0)
        if isinstance(options[arg], list):
            options[arg].append(value)
        elif isinstance(options[arg], int):
            number(options, arg, value)
        else:
            options[arg] = value
    if not args:
        raise Stop(2, "no COMMAND; --help says how")
    options["command"] = args
    check_memory(options["--memory"], options["--hugepages"])
    return options


def check_memory(memory, hugepages):
    """What is left for kernel and programs must be enough for them."""
    needed = 2 * hugepages + REST_MIB
    if memory < needed:
        raise Stop(2, f"--hugepages {hugepages} needs --memory {needed} at least, it is {memory}")


def prepare():
    """What the guest is made of, by name."""
    run = subprocess.run([TOP / "devtools/vm-prepare.sh"], stdout=subprocess.PIPE, text=True,
                         check=False)
    if run.returncode:
        raise Stop(SKIP if run.returncode == SKIP else BROKEN)
    return dict(line.split(" ", 1) for line in run.stdout.splitlines())


def lock(folder, how):
    """A folder that a guest writes to is locked by it, so that no other run takes it away."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd


def forget_old(parent):
    """Keeps the newest results that nobody named."""
    old = sorted(parent.glob("20*-*-*"), key=lambda p: p.stat().st_mtime)
    for folder in old[:-KEPT_RESULTS]:
        fd = lock(folder, fcntl.LOCK_EX)
        if fd is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(fd)


def results_folder(wanted, build):
    if wanted:
        folder = Path(wanted).resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Stop(2, f"--results {wanted}: {error.strerror}; choose another folder") from None
    else:
        parent = build / "vm-results"
        parent.mkdir(exist_ok=True)
        forget_old(parent)
        folder = Path(tempfile.mkdtemp(prefix=time.strftime("%Y%m%d-%H%M%S-"), dir=parent))
    if lock(folder, fcntl.LOCK_SH) is None:
        raise Stop(2, f"--results {folder} is being taken away by another run; choose another")
    return folder


class Guest:
    """One boot."""

    def __init__(self, options, build):
        self.options, self.build = options, build
        self.out = None
        # The models want a folder of mode 0700 for their sockets.
        self.sockets = tempfile.mkdtemp(prefix="hisi-vm.")
        self.devices = []
        self.qemu = None
        self.offsets = {"stdout": 0, "stderr": 0}

    def addresses(self):
        """(PCI address, device) of each function."""
        slot = FIRST_SLOT
        for device in self.devices:
            for _ in device.sockets:
                yield f"0000:00:{slot:02x}.0", device
                slot += 1

    def environment(self):
        functions = list(self.addresses())
        eal = [f"-d librte_{driver}.so"
               for driver in sorted({DRIVERS[d.engine] for d in self.devices})]
        eal += [f"-a {address}" for address, d in functions if d.driver == "vfio-pci"]
        of_device = {f"HISI_DEVICE_{d.index}": " ".join(a for a, one in functions if one is d)
                     for d in self.devices}
        return {
            **of_device,
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root", "LANG": "C.UTF-8", "TERM": "dumb",
            "LD_LIBRARY_PATH": f"{self.build}/drivers",
            "HISI_BUILD": str(self.build), "HISI_OUT": "/run/out",
            "HISI_FUNCTIONS": " ".join(address for address, _ in functions),
            "HISI_BDF": functions[0][0] if functions else "",
            "HISI_EAL_ARGS": " ".join(eal),
        }

    def write_share(self, kernel):
        release = Path(kernel, "release").read_text().strip()
        binds = [f"{address}={d.driver}" for address, d in self.addresses()]
        lines = [f"export {name}={shlex.quote(value)}"
                 for name, value in self.environment().items()]
        lines += [
            f"guest_modules={shlex.quote(f'{kernel}/lib/modules/{release}')}",
            f"guest_hugepages={self.options['--hugepages']}",
            f"guest_bind={shlex.quote(' '.join(binds))}",
            f"guest_cwd={shlex.quote(os.getcwd())}",
            f"guest_command=({' '.join(map(shlex.quote, self.options['command']))})",
        ]
        for name in ("status", "dmesg"):
            (self.out / name).unlink(missing_ok=True)
        for name in self.offsets:
            (self.out / name).write_text("")
        (self.out / "setup").write_text("\n".join(lines) + "\n")
        (self.out / "host").write_text(HOST_SCRIPT)
        (self.out / "host").chmod(0o755)
        shutil.rmtree(self.out / "ask", ignore_errors=True)
        (self.out / "ask").mkdir()
        shutil.copy(TOP / "devtools/guest/start.sh", self.out / "start")

    def qemu_argv(self, parts):
        memory = self.options["--memory"]
        argv = shlex.split(parts["qemu"]) + [
            "-M", "q35,memory-backend=mem", "-accel", "tcg,thread=multi", "-cpu", CPU,
            "-smp", str(self.options["--cpus"]), "-m", f"{memory}M",
            # Shared, so that the models can map it.
            "-object", f"memory-backend-memfd,id=mem,size={memory}M,share=on",
            "-nodefaults", "-no-user-config", "-display", "none", "-monitor", "none", "-no-reboot",
            "-net", "none", "-serial", f"file:{self.out}/serial.log",
            "-kernel", f"{parts['kernel']}/vmlinuz", "-initrd", parts["initrd"],
            "-append", f"{KERNEL_WORDS} {self.options['--append']}",
            "-virtfs", "local,path=/,mount_tag=hostroot,security_model=none,readonly=on,"
            "multidevs=remap",
            "-virtfs", f"local,path={self.out},mount_tag=out,security_model=none",
            "-device", "intel-iommu,intremap=on,caching-mode=on",
        ]
        sockets = [socket for device in self.devices for socket in device.sockets]
        for (address, _), socket in zip(self.addresses(), sockets):
            slot = address.split(":")[2].split(".")[0]
            argv += ["-device", '{"driver":"vfio-user-pci","addr":"%s","socket":'
                     '{"type":"unix","path":"%s"}}' % (slot, socket)]
        return argv

    def start(self):
        emulator = self.build / "app/hisi_emu/dpdk-hisi-emu"
        if not emulator.exists():
            raise Stop(2, f"no {emulator}: build first, or set HISI_BUILD")
        for i, text in enumerate(self.options["--device"]):
            self.devices.append(Device(text, i, self.sockets))
        for text in self.options["--fault"]:
            index, _, rules = text.partition(":")
            if not index.isdigit() or int(index) >= len(self.devices) or not rules:
                raise Stop(2, f"--fault {text}: the number of a --device, a colon and fault rules "
                           "are needed")
            self.devices[int(index)].options.append(f"--fault={rules}")
        functions = sum(len(device.sockets) for device in self.devices)
        if functions > MAX_FUNCTIONS:
            raise Stop(2, f"{functions} functions, a guest takes {MAX_FUNCTIONS}")
        parts = prepare()
        self.check_drivers(parts["kernel"])
        self.out = results_folder(self.options["--results"], self.build)
        for device in self.devices:
            device.start(emulator, self.out / f"emu-{device.index}.log")
        self.write_share(parts["kernel"])
        with open(self.out / "qemu.log", "w") as log:
            self.qemu = start(self.qemu_argv(parts), log)

    def check_drivers(self, kernel):
        known = {path.name.partition(".ko")[0].replace("_", "-")
                 for path in Path(kernel, "lib/modules").rglob("*.ko*")}
        for device in self.devices:
            if device.driver != "none" and device.driver.replace("_", "-") not in known:
                raise Stop(2, f"bind={device.driver}: the guest's kernel has no such module")

    def pass_output(self):
        for name, stream in (("stdout", sys.stdout.buffer), ("stderr", sys.stderr.buffer)):
            with open(self.out / name, "rb") as file:
                file.seek(self.offsets[name])
                data = file.read()
            self.offsets[name] += len(data)
            if data:
                stream.write(data)
                stream.flush()

    def answer(self):
        """What the guest's $HISI_OUT/host asks for."""
        for ask in (self.out / "ask").glob("*.ask"):
            words = ask.read_text().split()
            device = None
            if len(words) >= 2 and words[1].isdigit() and int(words[1]) < len(self.devices):
                device = self.devices[int(words[1])]
            if device and len(words) == 2 and words[0] in SIGNALS:
                device.process.send_signal(SIGNALS[words[0]])
                if words[0] == "kill":
                    device.process.wait()
            elif device and len(words) > 2 and words[0] == "send":
                ask.with_suffix(".answer").write_text(device.send(words[2:]))
            else:
                print(f"vm.sh: the guest asks for '{' '.join(words)}'", file=sys.stderr)
            ask.unlink()

    def wait(self):
        end = time.monotonic() + self.options["--timeout"]
        while self.qemu.poll() is None:
            self.pass_output()
            self.answer()
            if time.monotonic() > end:
                raise Stop(TIMEOUT, f"still running after {self.options['--timeout']} s")
            time.sleep(0.05)
        self.pass_output()
        status = self.out / "status"
        if not status.exists():
            raise Stop(BROKEN, "the guest ended before COMMAND did")
        return int(status.read_text())

    def stop(self):
        if self.qemu:
            self.qemu.kill()
            self.qemu.wait()
        for device in self.devices:
            if device.process and device.process.poll() is None:
                # A stopped process takes no SIGTERM.
                device.process.send_signal(signal.SIGCONT)
                device.process.terminate()
                try:
                    device.process.wait(10)
                except subprocess.TimeoutExpired:
                    print(f"vm.sh: device {device.index}'s model had to be killed",
                          file=sys.stderr)
                    device.process.kill()
                    device.process.wait()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def tell_logs(self):
        """The ends of the logs, for a person who has to find out what happened."""
        for name in ("qemu.log", "serial.log"):
            path = self.out / name
            if path.exists():
                for line in path.read_text(errors="replace").splitlines()[-15:]:
                    print(f"    {name}: {line}", file=sys.stderr)


def run(options):
    build = Path(os.environ.get("HISI_BUILD", TOP / "build")).resolve()
    if not build.is_dir():
        raise Stop(2, f"no build folder {build}: build first, or set HISI_BUILD")
    guest = Guest(options, build)
    try:
        guest.start()
        return guest.wait()
    except Stop as stop:
        # A program that ends it by a signal has given it up.
        if guest.out and stop.status in (TIMEOUT, BROKEN, 128 + signal.SIGTERM):
            guest.tell_logs()
        if guest.out and stop.status == 2 and not options["--results"]:
            # Nothing but the words that were wrong, which are told.
            shutil.rmtree(guest.out, ignore_errors=True)
            guest.out = None
        raise
    finally:
        guest.stop()
        if guest.out:
            print(f"vm.sh: logs in {guest.out}", file=sys.stderr)


def main():
    def interrupted(signum, _frame):
        raise Stop(128 + signum)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, interrupted)
    try:
        return run(parse(sys.argv[1:]))
    except Stop as stop:
        if str(stop):
            print(f"vm.sh: {stop}", file=sys.stderr)
        return stop.status


if __name__ == "__main__":
    sys.exit(main())
