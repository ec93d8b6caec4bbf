/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include <rte_devargs.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_version.h>

#include "hisi_qm_class.h"
#include "hisi_qm_devargs.h"

static bool
is_primary(void)
{
	return rte_eal_process_type() == RTE_PROC_PRIMARY;
}

/* The class device over an open bus, which becomes the function's, also on failure. */
static int
class_start(const struct hisi_qm_class *class, struct rte_device *device, const char *name,
	const struct hisi_qm_devargs *args, struct hisi_qm_bus *bus)
{
	struct hisi_qm_dev *qm;
	int ret;

	ret = hisi_qm_dev_open(name, class->engine, args, bus, device->numa_node, &qm);
	if (ret != 0)
		return ret;
	ret = class->create(device, name, qm);
	if (ret != 0)
		hisi_qm_dev_close(qm);
	return ret;
}

/* ---- vdev: the model's socket ---- */

static int
vdev_attach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	RTE_SET_USED(device);
	return hisi_qm_dev_attach(qm);
}

static void
vdev_detach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	RTE_SET_USED(device);
	hisi_qm_dev_detach(qm);
}

static const struct hisi_qm_attach attach_vdev = { vdev_attach, vdev_detach };

int
hisi_qm_class_probe_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);
	struct hisi_qm_devargs args;
	struct hisi_qm_bus *bus;
	int ret;

	if (name == NULL)
		return -EINVAL;
	ret = hisi_qm_check_release(name, rte_version());
	if (ret != 0)
		return ret;
	if (!is_primary())
		return class->attach(&vdev->device, name, &attach_vdev);
	ret = hisi_qm_devargs_parse(name, rte_vdev_device_args(vdev), true, &args);
	if (ret == 0)
		ret = hisi_qm_bus_vdev_open(name, class->engine, &args, &bus);
	if (ret == 0)
		ret = class_start(class, &vdev->device, name, &args, bus);
	return ret;
}

int
hisi_qm_class_remove_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);

	if (name == NULL)
		return -EINVAL;
	if (!is_primary())
		return class->detach(&vdev->device, name, &attach_vdev);
	return class->destroy(name);
}

/* The function behind a vdev, NULL: none in this process. */
static struct hisi_qm_dev *
vdev_find(const struct hisi_qm_class *class, const struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);

	return name != NULL && is_primary() ? class->find(name) : NULL;
}

/* EAL wants its errors in rte_errno. */
static int
dma_result(int ret)
{
	if (ret == 0)
		return 0;
	rte_errno = -ret;
	return -1;
}

int
hisi_qm_class_map_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev,
	void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_dev *qm = vdev_find(class, vdev);

	return dma_result(qm != NULL ? hisi_qm_dev_dma_map(qm, addr, iova, len) : -ENODEV);
}

int
hisi_qm_class_unmap_vdev(const struct hisi_qm_class *class, struct rte_vdev_device *vdev,
	void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_dev *qm = vdev_find(class, vdev);

	return dma_result(qm != NULL ? hisi_qm_dev_dma_unmap(qm, addr, iova, len) : -ENODEV);
}

/* ---- PCI: a function bound to vfio-pci ---- */

/* RTE_DEV_TO_PCI() has another name in later releases. */
static struct rte_pci_device *
to_pci(struct rte_device *device)
{
	return container_of(device, struct rte_pci_device, device);
}

static int
pci_attach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	return hisi_qm_bus_pci_attach(to_pci(device), qm);
}

static void
pci_detach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	hisi_qm_bus_pci_detach(to_pci(device), qm);
}

static const struct hisi_qm_attach attach_pci = { pci_attach, pci_detach };

int
hisi_qm_class_probe_pci(const struct hisi_qm_class *class, struct rte_pci_device *pci)
{
	const struct rte_devargs *devargs = pci->device.devargs;
	struct hisi_qm_devargs args;
	struct hisi_qm_bus *bus;
	int ret;

	/* pci->name is the full address; the device's own is what the user typed. */
	ret = hisi_qm_bus_pci_check(pci);
	if (ret == 0)
		ret = hisi_qm_check_release(pci->name, rte_version());
	if (ret != 0)
		return ret;
	if (!is_primary())
		return class->attach(&pci->device, pci->name, &attach_pci);
	ret = hisi_qm_devargs_parse(pci->name, devargs != NULL ? devargs->args : NULL, false,
		&args);
	if (ret == 0)
		ret = hisi_qm_bus_pci_open(pci, &bus);
	if (ret == 0)
		ret = class_start(class, &pci->device, pci->name, &args, bus);
	return ret;
}

int
hisi_qm_class_remove_pci(const struct hisi_qm_class *class, struct rte_pci_device *pci)
{
	if (!is_primary())
		return class->detach(&pci->device, pci->name, &attach_pci);
	return class->destroy(pci->name);
}
