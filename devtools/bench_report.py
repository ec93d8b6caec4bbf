# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What devtools/bench_run.py measured, as a table, as JSON and as plots."""

import json
import shutil
import subprocess

import bench_crypto

HISI, ISAL, ZLIB = "compress_hisi_zip", "compress_isal", "compress_zlib"
DIRECTIONS = ["compress", "decompress"]


def shape_name(entry):
    size, segments = entry["seg_size"], entry["segments"]
    return str(size) if segments == 1 else f"{segments}x{size}"


def throughput_line(entry):
    fields = [f"{shape_name(entry):>8}"]
    for direction in DIRECTIONS:
        gbps, ratio = entry["gbps"][direction], entry["ratio"][direction]
        fields.append(f"{gbps[HISI]:7.2f} {gbps[ISAL]:7.2f} {gbps[ZLIB]:7.2f} "
                      f"{ratio[ISAL]:7.2f} {ratio[ZLIB]:7.2f}")
    fields.append(f"{entry['packed_percent'][HISI]:6.2f} {entry['packed_percent'][ISAL]:6.2f}")
    fields.append(f"{entry['others_percent']:4.0f}")
    return " | ".join(fields)


def throughput(entries):
    yield "Throughput, Gbit/s of plain data (ratios: hisi_zip to the other, median of pairs)"
    yield f"{'':8} | {'compress':^39} | {'decompress':^39} | packed, %     | others"
    half = "   hisi    isal    zlib  /isal   /zlib "
    yield f"{'op':>8} | {half} | {half} |   hisi   isal | CPU, %"
    for entry in entries:
        yield throughput_line(entry)


def cycles(entries):
    yield "TSC cycles per op, burst 32 (compress_zlib crashes pmd-cyclecount)"
    yield f"{'op':>8} {'driver':<18} {'C-enq':>8} {'C-deq':>8} {'D-enq':>8} {'D-deq':>8}"
    for entry in entries:
        for driver, values in entry["cycles"].items():
            yield f"{entry['size']:>8} {driver:<18} " + " ".join(f"{v:>8.0f}" for v in values)


def instructions(entries):
    yield "Instructions per op, enqueue + dequeue, 4096 bytes, burst 32; segments on either side"
    for entry in entries:
        software = any(count["software"] for count in entry["segments"].values())
        counts = ", ".join(f"{n}: {count['sum']:.1f}" for n, count in entry["segments"].items())
        yield (f"{entry['version']} {entry['direction']:<10} segments {counts}; "
               f"one more segment: {entry['per_extra_segment']:.1f}"
               f"{' (in software)' if software else ''}")


def latency(entries):
    yield "Latency of one op in flight, us (median of runs)"
    yield f"{'op':>8} {'direction':<11} {'driver':<18} {'min':>8} {'median':>8} {'99 %':>8}"
    for entry in entries:
        for driver, us in entry["us"].items():
            yield (f"{entry['size']:>8} {entry['direction']:<11} {driver:<18} "
                   f"{us['min_us']:>8.1f} {us['median_us']:>8.1f} {us['p99_us']:>8.1f}")


def scaling(entries):
    yield "Gbit/s at 4096 bytes, compression, one lcore, by queue pairs and depth of each"
    for driver in [HISI, ISAL]:
        rows = [e for e in entries if e["driver"] == driver]
        depths = sorted({e["depth"] for e in rows})
        yield f"{driver:<18} depth" + "".join(f"{d:>8}" for d in depths)
        for count in sorted({e["queue_pairs"] for e in rows}):
            cells = {e["depth"]: e["gbps"] for e in rows if e["queue_pairs"] == count}
            yield f"{count:>10} queue pair(s)" + "".join(f"{cells[d]:>8.2f}" for d in depths)


TABLES = {"throughput": throughput, "cycles": cycles, "instructions": instructions,
          "latency": latency, "scaling": scaling, "crypto": bench_crypto.report}


def table(results):
    machine = results["machine"]
    yield f"{machine['cpu']}, {machine['cpus']} CPUs, {', '.join(machine['packages'])}"
    yield (f"{machine['time']}, model {machine['model']}, {machine['pairs']} pair(s), "
           f"{machine['input_bytes']} bytes of input, EAL {machine['memory']}")
    yield (f"load average before {machine['load_before'][0]:.2f}, "
           f"after {machine['load_after'][0]:.2f}")
    for part, make in TABLES.items():
        if part in results:
            yield ""
            yield from make(results[part])


def plot(out, name, title, data, commands):
    """A PNG by gnuplot, which finds the data as $data."""
    script = (f"set terminal pngcairo size 1000,500\nset output '{name}.png'\n"
              f"set title '{title}'\nset grid y\nset key outside\n"
              f"$data << END\n{data}\nEND\n{commands}\n")
    (out / f"{name}.gp").write_text(script)
    subprocess.run(["gnuplot", f"{name}.gp"], cwd=out, check=True)


def plot_throughput(out, entries):
    for direction in DIRECTIONS:
        data = "\n".join(" ".join([shape_name(e)] + [f"{e['gbps'][direction][d]:.3f}"
                                                    for d in (HISI, ISAL, ZLIB)])
                         for e in entries)
        plot(out, f"throughput-{direction}", f"{direction}, level 1, two CPUs", data,
             "set ylabel 'Gbit/s of plain data'\nset xlabel 'bytes per op'\nset yrange [0:*]\n"
             "set style data histogram\nset style fill solid\n"
             "plot $data using 2:xtic(1) title 'hisi\\_zip on the model', "
             "'' using 3 title 'isal', '' using 4 title 'zlib'")


def plot_scaling(out, entries):
    rows = [e for e in entries if e["driver"] == HISI]
    counts = sorted({e["queue_pairs"] for e in rows})
    data = "\n\n\n".join("\n".join(f"{e['depth']} {e['gbps']}" for e in rows
                                   if e["queue_pairs"] == count) for count in counts)
    lines = ", ".join(f"$data index {i} using 1:2 with linespoints title '{count} queue pair(s)'"
                      for i, count in enumerate(counts))
    plot(out, "scaling", "compress\\_hisi\\_zip, 4096 bytes, one lcore", data,
         "set logscale x 2\nset xlabel 'ops in flight on each queue pair'\n"
         f"set ylabel 'Gbit/s of plain data'\nset yrange [0:*]\nplot {lines}")


def write(results, out):
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    text = "\n".join(table(results)) + "\n"
    (out / "table.txt").write_text(text)
    print("\n" + text)
    if shutil.which("gnuplot") is None:
        print("no plots: gnuplot is not installed")
    else:
        if "throughput" in results:
            plot_throughput(out, results["throughput"])
        if "scaling" in results:
            plot_scaling(out, results["scaling"])
    print(f"results: {out}")
