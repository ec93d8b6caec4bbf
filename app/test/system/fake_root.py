# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The sys, proc and dev of a machine that is not there, for dpdk-testacc doctor."""

PF, VF, OTHER = "0000:75:00.0", "0000:75:00.1", "0000:7d:00.0"


class Root:
    """A Kunpeng server where all is well: a ZIP PF on vfio-pci, two nodes with hugepages."""

    def __init__(self, path):
        self.path = path
        self.write("proc/sys/kernel/arch", "aarch64")
        self.write("proc/self/smaps", "aaaa-bbbb r-xp\nKernelPageSize:       64 kB")
        self.write("proc/self/status", "Name:\tdoctor\nCapEff:\t0000000000000000\n"
                   "Cpus_allowed_list:\t0-127")
        self.limit(16 << 30)
        self.write("proc/mounts", "proc /proc proc rw 0 0\n"
                   "hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0")
        for driver in ("vfio-pci", "hisi_zip", "hns3"):
            self.folder(f"sys/bus/pci/drivers/{driver}")
        self.folder("sys/module/vfio_iommu_type1")
        self.folder("dev/vfio")
        self.write("dev/vfio/vfio", "")
        for node in (0, 1):
            self.write(f"sys/devices/system/node/node{node}/meminfo",
                       f"Node {node} MemTotal:       16384000 kB")
            self.write(f"sys/devices/system/node/node{node}/cpulist",
                       f"{64 * node}-{64 * node + 63}")
            self.pages(f"sys/devices/system/node/node{node}/hugepages", 2048, 1024, 1000)
        self.pages("sys/kernel/mm/hugepages", 2048, 2048, 2000)
        self.function(PF, 0xa250, "vfio-pci", "5", numa=1)
        self.write(f"sys/bus/pci/devices/{PF}/sriov_totalvfs", "63")
        self.write(f"sys/bus/pci/devices/{PF}/sriov_numvfs", "0")

    def folder(self, name):
        path = self.path / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")

    def link(self, name, target):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    def remove(self, name):
        path = self.path / name
        if path.is_dir() and not path.is_symlink():
            for entry in path.iterdir():
                self.remove(entry.relative_to(self.path))
            path.rmdir()
        else:
            path.unlink(missing_ok=True)

    def limit(self, value):
        self.write("proc/self/limits", "Limit                     Soft Limit           Hard Limit\n"
                   f"Max locked memory         {value:<20} {value:<20} bytes")

    def pages(self, folder, kib, total, free):
        self.write(f"{folder}/hugepages-{kib}kB/nr_hugepages", str(total))
        self.write(f"{folder}/hugepages-{kib}kB/free_hugepages", str(free))

    def bind(self, address, driver):
        """To a driver of the kernel, None: to none."""
        name = f"sys/bus/pci/devices/{address}/driver"
        if driver is None:
            self.remove(name)
        else:
            self.link(name, f"../../../bus/pci/drivers/{driver}")

    def function(self, address, device, driver, group, vendor=0x19e5, numa=-1, kind="0x120000"):
        folder = f"sys/bus/pci/devices/{address}"
        self.write(f"{folder}/vendor", f"0x{vendor:04x}")
        self.write(f"{folder}/device", f"0x{device:04x}")
        self.write(f"{folder}/class", kind)
        self.write(f"{folder}/numa_node", str(numa))
        self.bind(address, driver)
        if group is not None:
            self.link(f"{folder}/iommu_group", f"../../../../kernel/iommu_groups/{group}")
            self.folder(f"sys/kernel/iommu_groups/{group}/devices/{address}")
            if driver == "vfio-pci":
                self.write(f"dev/vfio/{group}", "")

    def add_vf(self, pf_driver, driver="vfio-pci"):
        """A VF of the PF, which is its driver's business now."""
        self.function(VF, 0xa251, driver, "6", numa=1)
        self.link(f"sys/bus/pci/devices/{VF}/physfn", f"../{PF}")
        self.bind(PF, pf_driver)
        self.write(f"sys/bus/pci/devices/{PF}/sriov_numvfs", "1")
