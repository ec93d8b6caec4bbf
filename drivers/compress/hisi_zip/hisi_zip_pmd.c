/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_log.h>

#include "hisi_qm_class.h"
#include "hisi_qm_devargs.h"
#include "hisi_zip.h"

/* One driver on two buses; hisi_zip_device.c has what both share. */

RTE_LOG_REGISTER_DEFAULT(hisi_zip_logtype, INFO);

static struct hisi_qm_dev *
zip_find(const char *name)
{
	struct rte_compressdev *dev = rte_compressdev_pmd_get_named_dev(name);

	return dev != NULL ? ((struct hisi_zip_dev *)dev->data->dev_private)->qm : NULL;
}

static const struct hisi_qm_class zip_class = {
	.engine = &hisi_zip_engine,
	.create = hisi_zip_device_create,
	.destroy = hisi_zip_device_destroy,
	.attach = hisi_zip_device_attach,
	.detach = hisi_zip_device_detach,
	.find = zip_find,
};

/* ---- vdev ---- */

static int
hisi_zip_vdev_probe(struct rte_vdev_device *vdev)
{
	return hisi_qm_class_probe_vdev(&zip_class, vdev);
}

static int
hisi_zip_vdev_remove(struct rte_vdev_device *vdev)
{
	return hisi_qm_class_remove_vdev(&zip_class, vdev);
}

static int
hisi_zip_vdev_dma_map(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	return hisi_qm_class_map_vdev(&zip_class, vdev, addr, iova, len);
}

static int
hisi_zip_vdev_dma_unmap(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	return hisi_qm_class_unmap_vdev(&zip_class, vdev, addr, iova, len);
}

static struct rte_vdev_driver hisi_zip_vdev_driver = {
	.probe = hisi_zip_vdev_probe,
	.remove = hisi_zip_vdev_remove,
	.dma_map = hisi_zip_vdev_dma_map,
	.dma_unmap = hisi_zip_vdev_dma_unmap,
	.drv_flags = RTE_VDEV_DRV_NEED_IOVA_AS_VA,
};

/* ---- PCI ---- */

static const struct rte_pci_id hisi_zip_pci_ids[] = {
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_ZIP_PF) },
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_ZIP_VF) },
	{ .vendor_id = 0 },
};

static int
hisi_zip_pci_probe(struct rte_pci_driver *driver, struct rte_pci_device *pci)
{
	RTE_SET_USED(driver);
	return hisi_qm_class_probe_pci(&zip_class, pci);
}

static int
hisi_zip_pci_remove(struct rte_pci_device *pci)
{
	return hisi_qm_class_remove_pci(&zip_class, pci);
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
