/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FAKE_VFIO_H
#define FAKE_VFIO_H

/**
 * @file
 * A PCI device as EAL hands it to a driver, with a vfio device behind it that is this file: it
 * takes the place of ioctl() on its descriptor, of rte_pci_map_device() and of its counterpart.
 * BARs are memory, configuration space is a file at vfio's offset.
 */

#include <stdbool.h>
#include <stdint.h>

#include <bus_pci_driver.h>
#include <rte_devargs.h>

#define FAKE_VFIO_BAR2_LEN 0x10000
#define FAKE_VFIO_BAR4_PAGES 4
#define FAKE_VFIO_BAR4_LEN (FAKE_VFIO_BAR4_PAGES * 0x10000)
#define FAKE_VFIO_EVENTFDS 8

struct fake_vfio {
	struct rte_pci_device pci;
	struct rte_devargs devargs;
	int fd;
	uint8_t *bar2;		/**< a whole BAR, whatever vfio shows of it */
	uint8_t *bar4;
	uint64_t bar2_shown;	/**< size that vfio tells */
	uint64_t bar4_shown;
	bool no_mmap;		/**< vfio lets no region be mapped */
	int map_result;		/**< of rte_pci_map_device() */
	uint32_t vectors;	/**< MSI vectors that the function has */
	uint32_t vectors_given;	/**< that the kernel can give at most */
	bool has_notices;	/**< requests of the kernel, errors of the link */
	int notices[2];		/**< eventfds of them, 0: none */
	int irqs_error;		/**< errno of SET_IRQS, 0: works */
	int reset_error;	/**< errno of RESET, 0: works */
	uint32_t locked_resets;	/**< so many find the function's lock taken first */
	bool dies_of_reset;	/**< a reset leaves all ones behind */
	bool master_sticks;	/**< bus mastering cannot be switched off */
	/* What was asked for. */
	uint32_t maps, unmaps, resets, irq_calls;
	uint32_t irqs_set;	/**< vectors of the last SET_IRQS that worked, 0: switched off */
	int eventfds[FAKE_VFIO_EVENTFDS];
};

/** The one device of the process: a VF bound to vfio-pci, named on the command line. */
struct fake_vfio *fake_vfio_new(void);
void fake_vfio_free(struct fake_vfio *vfio);

uint16_t fake_vfio_command(struct fake_vfio *vfio);

#endif /* FAKE_VFIO_H */
