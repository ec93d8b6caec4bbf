/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_log.h>

#include "hisi_qm_class.h"
#include "hisi_qm_devargs.h"
#include "hisi_sec.h"

/* One driver on two buses; hisi_sec_device.c has what both share. */

RTE_LOG_REGISTER_DEFAULT(hisi_sec_logtype, INFO);

uint8_t hisi_sec_driver_id;

static struct hisi_qm_dev *
sec_find(const char *name)
{
	struct rte_cryptodev *dev = rte_cryptodev_pmd_get_named_dev(name);

	return dev != NULL ? ((struct hisi_sec_dev *)dev->data->dev_private)->qm : NULL;
}

static const struct hisi_qm_class sec_class = {
	.engine = &hisi_sec_engine,
	.create = hisi_sec_device_create,
	.destroy = hisi_sec_device_destroy,
	.attach = hisi_sec_device_attach,
	.detach = hisi_sec_device_detach,
	.find = sec_find,
};

/* ---- vdev ---- */

static int
hisi_sec_vdev_probe(struct rte_vdev_device *vdev)
{
	return hisi_qm_class_probe_vdev(&sec_class, vdev);
}

static int
hisi_sec_vdev_remove(struct rte_vdev_device *vdev)
{
	return hisi_qm_class_remove_vdev(&sec_class, vdev);
}

static int
hisi_sec_vdev_dma_map(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	return hisi_qm_class_map_vdev(&sec_class, vdev, addr, iova, len);
}

static int
hisi_sec_vdev_dma_unmap(struct rte_vdev_device *vdev, void *addr, uint64_t iova, size_t len)
{
	return hisi_qm_class_unmap_vdev(&sec_class, vdev, addr, iova, len);
}

static struct rte_vdev_driver hisi_sec_vdev_driver = {
	.probe = hisi_sec_vdev_probe,
	.remove = hisi_sec_vdev_remove,
	.dma_map = hisi_sec_vdev_dma_map,
	.dma_unmap = hisi_sec_vdev_dma_unmap,
	.drv_flags = RTE_VDEV_DRV_NEED_IOVA_AS_VA,
};

/* ---- PCI ---- */

static const struct rte_pci_id hisi_sec_pci_ids[] = {
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_SEC_PF) },
	{ RTE_PCI_DEVICE(HISI_PCI_VENDOR_ID, HISI_PCI_DEVICE_ID_SEC_VF) },
	{ .vendor_id = 0 },
};

static int
hisi_sec_pci_probe(struct rte_pci_driver *driver, struct rte_pci_device *pci)
{
	RTE_SET_USED(driver);
	return hisi_qm_class_probe_pci(&sec_class, pci);
}

static int
hisi_sec_pci_remove(struct rte_pci_device *pci)
{
	return hisi_qm_class_remove_pci(&sec_class, pci);
}

/* No RTE_PCI_DRV_NEED_MAPPING, as compress/hisi_zip: the bus maps and unmaps BARs itself. */
static struct rte_pci_driver hisi_sec_pci_driver = {
	.id_table = hisi_sec_pci_ids,
	.probe = hisi_sec_pci_probe,
	.remove = hisi_sec_pci_remove,
	.drv_flags = RTE_PCI_DRV_NEED_IOVA_AS_VA,
};

/* One driver name on two buses: RTE_PMD_REGISTER_PCI() would export the name a second time. */
RTE_INIT(hisi_sec_pci_register)
{
	hisi_sec_pci_driver.driver.name = RTE_STR(HISI_SEC_DRIVER_NAME);
	rte_pci_register(&hisi_sec_pci_driver);
}

static struct cryptodev_driver hisi_sec_crypto_driver;

RTE_PMD_REGISTER_VDEV(HISI_SEC_DRIVER_NAME, hisi_sec_vdev_driver);
RTE_PMD_REGISTER_PARAM_STRING(HISI_SEC_DRIVER_NAME, HISI_QM_VDEV_PARAM_STRING);
RTE_PMD_REGISTER_PCI_TABLE(HISI_SEC_DRIVER_NAME, hisi_sec_pci_ids);
RTE_PMD_REGISTER_KMOD_DEP(HISI_SEC_DRIVER_NAME, "vfio-pci");
/* Behind the vdev's: cryptodev keeps a pointer to the driver, and finds its name there. */
RTE_PMD_REGISTER_CRYPTO_DRIVER(hisi_sec_crypto_driver, hisi_sec_vdev_driver.driver,
	hisi_sec_driver_id);
