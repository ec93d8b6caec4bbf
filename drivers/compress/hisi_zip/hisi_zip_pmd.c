/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include <bus_pci_driver.h>
#include <bus_vdev_driver.h>
#include <rte_devargs.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_version.h>

#include "hisi_qm_devargs.h"
#include "hisi_zip.h"

/* One driver on two buses; hisi_zip_device.c has what both share. */

RTE_LOG_REGISTER_DEFAULT(hisi_zip_logtype, INFO);

static bool
is_primary(void)
{
	return rte_eal_process_type() == RTE_PROC_PRIMARY;
}

/* The class device over an open bus, which becomes the function's, also on failure. */
static int
zip_start(struct rte_device *device, const char *name, const struct hisi_qm_devargs *args,
	struct hisi_qm_bus *bus)
{
	struct hisi_qm_dev *qm;
	int ret;

	ret = hisi_qm_dev_open(name, &hisi_zip_engine, args, bus, device->numa_node, &qm);
	if (ret != 0)
		return ret;
	ret = hisi_zip_device_create(device, name, qm);
	if (ret != 0)
		hisi_qm_dev_close(qm);
	return ret;
}

/* ---- vdev: the model's socket ---- */

static int
zip_vdev_attach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	RTE_SET_USED(device);
	return hisi_qm_dev_attach(qm);
}

static void
zip_vdev_detach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	RTE_SET_USED(device);
	hisi_qm_dev_detach(qm);
}

static int
hisi_zip_vdev_probe(struct rte_vdev_device *vdev)
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
		return hisi_zip_device_attach(&vdev->device, name, zip_vdev_attach);
	ret = hisi_qm_devargs_parse(name, rte_vdev_device_args(vdev), true, &args);
	if (ret == 0)
		ret = hisi_qm_bus_vdev_open(name, &hisi_zip_engine, &args, &bus);
	if (ret == 0)
		ret = zip_start(&vdev->device, name, &args, bus);
	return ret;
}

static int
hisi_zip_vdev_remove(struct rte_vdev_device *vdev)
{
	const char *name = rte_vdev_device_name(vdev);

	if (name == NULL)
		return -EINVAL;
	if (!is_primary())
		return hisi_zip_device_detach(&vdev->device, name, zip_vdev_detach);
	return hisi_zip_device_destroy(name);
}

/* The function behind a vdev, NULL: none in this process. */
static struct hisi_qm_dev *
zip_find(const struct rte_vdev_device *vdev)
{
	struct rte_compressdev *dev;
	const char *name = rte_vdev_device_name(vdev);

	if (name == NULL || !is_primary())
		return NULL;
	dev = rte_compressdev_pmd_get_named_dev(name);
	return dev != NULL ? ((struct hisi_zip_dev *)dev->data->dev_private)->qm : NULL;
}

/* EAL wants its errors in rte_errno. */
static int
zip_dma_result(int ret)
{
	if (ret == 0)
		return 0;
	rte_errno = -ret;
	return -1;
}

static int
hisi_zip_vdev_dma_map(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_dev *qm = zip_find(vdev);

	return zip_dma_result(qm != NULL ? hisi_qm_dev_dma_map(qm, addr, iova, len) : -ENODEV);
}

static int
hisi_zip_vdev_dma_unmap(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_dev *qm = zip_find(vdev);

	return zip_dma_result(qm != NULL ? hisi_qm_dev_dma_unmap(qm, addr, iova, len) : -ENODEV);
}

static struct rte_vdev_driver hisi_zip_vdev_driver = {
	.probe = hisi_zip_vdev_probe,
	.remove = hisi_zip_vdev_remove,
	.dma_map = hisi_zip_vdev_dma_map,
	.dma_unmap = hisi_zip_vdev_dma_unmap,
	.drv_flags = RTE_VDEV_DRV_NEED_IOVA_AS_VA,
};

/* ---- PCI: a function bound to vfio-pci ---- */

static const struct rte_pci_id hisi_zip_pci_ids[] = {
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_ZIP_PF) },
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_ZIP_VF) },
	{ .vendor_id = 0 },
};

/* RTE_DEV_TO_PCI() has another name in later releases. */
static struct rte_pci_device *
to_pci(struct rte_device *device)
{
	return container_of(device, struct rte_pci_device, device);
}

static int
zip_pci_attach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	return hisi_qm_bus_pci_attach(to_pci(device), qm);
}

static void
zip_pci_detach(struct rte_device *device, struct hisi_qm_dev *qm)
{
	hisi_qm_bus_pci_detach(to_pci(device), qm);
}

static int
hisi_zip_pci_probe(struct rte_pci_driver *driver, struct rte_pci_device *pci)
{
	const struct rte_devargs *devargs = pci->device.devargs;
	struct hisi_qm_devargs args;
	struct hisi_qm_bus *bus;
	int ret;

	RTE_SET_USED(driver);
	/* pci->name is the full address; the device's own is what the user typed. */
	ret = hisi_qm_bus_pci_check(pci);
	if (ret == 0)
		ret = hisi_qm_check_release(pci->name, rte_version());
	if (ret != 0)
		return ret;
	if (!is_primary())
		return hisi_zip_device_attach(&pci->device, pci->name, zip_pci_attach);
	ret = hisi_qm_devargs_parse(pci->name, devargs != NULL ? devargs->args : NULL, false,
		&args);
	if (ret == 0)
		ret = hisi_qm_bus_pci_open(pci, &bus);
	if (ret == 0)
		ret = zip_start(&pci->device, pci->name, &args, bus);
	return ret;
}

static int
hisi_zip_pci_remove(struct rte_pci_device *pci)
{
	if (!is_primary())
		return hisi_zip_device_detach(&pci->device, pci->name, zip_pci_detach);
	return hisi_zip_device_destroy(pci->name);
}

/*
 * The bus maps and unmaps BARs itself: with RTE_PCI_DRV_NEED_MAPPING a function that is bound to
 * another kernel driver would never come here to be told so, and rte_eal_cleanup() would leave the
 * vfio device open. No dma_map: EAL does that for every function behind vfio.
 */
static struct rte_pci_driver hisi_zip_pci_driver = {
	.id_table = hisi_zip_pci_ids,
	.probe = hisi_zip_pci_probe,
	.remove = hisi_zip_pci_remove,
	.drv_flags = RTE_PCI_DRV_NEED_IOVA_AS_VA,
};

/* One driver name on two buses: RTE_PMD_REGISTER_PCI() would export the name a second time. */
RTE_INIT(hisi_zip_pci_register)
{
	hisi_zip_pci_driver.driver.name = RTE_STR(HISI_ZIP_DRIVER_NAME);
	rte_pci_register(&hisi_zip_pci_driver);
}

RTE_PMD_REGISTER_VDEV(HISI_ZIP_DRIVER_NAME, hisi_zip_vdev_driver);
RTE_PMD_REGISTER_PARAM_STRING(HISI_ZIP_DRIVER_NAME, HISI_QM_VDEV_PARAM_STRING);
RTE_PMD_REGISTER_PCI_TABLE(HISI_ZIP_DRIVER_NAME, hisi_zip_pci_ids);
RTE_PMD_REGISTER_KMOD_DEP(HISI_ZIP_DRIVER_NAME, "vfio-pci");
