/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_HW_NAMES_H
#define HISI_HW_NAMES_H

/**
 * @file
 * Names of registers, fields, commands, errors and status codes, so that anything can be printed.
 *
 * All functions are pure, return static strings and never NULL, unless they say otherwise: an
 * unknown value has the name "unknown".
 */

#include <stdbool.h>
#include <stdint.h>

/** A field of a register or structure and the meaning of its values. */
struct hisi_hw_field {
	const char *name;	/**< lower_snake, NULL ends a table */
	uint64_t mask;
	uint16_t offset;	/**< byte offset of the word in its structure; 0 for registers */
	uint8_t word_len;	/**< bytes of that word: 2, 4 or 8 */
	const char *(*value_name)(uint64_t value); /**< NULL: a number */
	bool is_secret;		/**< key, IV or data, not an address: in no dump and no trace */
};

/** A register. */
struct hisi_hw_reg {
	const char *name;	/**< lower_snake, NULL ends a table */
	uint32_t offset;	/**< in BAR2 */
	uint8_t len;		/**< bytes: 4, 8 or 16 */
};

/* Tables end with an entry whose name is NULL. */
extern const struct hisi_hw_field hisi_qm_sqc_fields[];
extern const struct hisi_hw_field hisi_qm_cqc_fields[];
extern const struct hisi_hw_field hisi_qm_eqc_fields[];
extern const struct hisi_hw_field hisi_qm_cqe_fields[];
extern const struct hisi_hw_field hisi_qm_eqe_fields[];
extern const struct hisi_hw_field hisi_qm_aeqe_fields[];
extern const struct hisi_hw_field hisi_qm_mailbox_fields[];
extern const struct hisi_hw_field hisi_qm_doorbell_fields[];
extern const struct hisi_hw_field hisi_qm_vft_sqc_fields[];
extern const struct hisi_hw_field hisi_zip_sqe_fields[];
extern const struct hisi_hw_field hisi_sec_bd2_fields[];
extern const struct hisi_hw_field hisi_sec_bd3_fields[];
extern const struct hisi_hw_field hisi_sgl_fields[];
extern const struct hisi_hw_field hisi_sge_fields[];
/* Registers, sorted by offset. Those of engines lie at the same offsets. */
extern const struct hisi_hw_reg hisi_qm_regs[];
extern const struct hisi_hw_reg hisi_zip_regs[];
extern const struct hisi_hw_reg hisi_sec_regs[];

/** What it takes to show the descriptors of an engine. */
struct hisi_hw_engine {
	const char *name;	/**< "ZIP", as drivers call it */
	/** Fields of a descriptor; NULL instead of one: those of the newest generation. */
	const struct hisi_hw_field *(*sqe_fields)(const void *sqe);
	const char *(*type_name)(uint64_t type);	/**< of a queue */
	const char *status;	/**< field that is 0 where all went well */
	const char *(*status_remedy)(uint64_t status);
};

/** All engines; the last one's name is NULL. */
extern const struct hisi_hw_engine hisi_hw_engines[];

/** NULL: it is not known. */
const struct hisi_hw_engine *hisi_hw_engine_find(const char *name);

/** Zero the words of a structure that hold a secret field. */
void hisi_hw_redact(const struct hisi_hw_field *fields, void *base);

/** Value of @p field in the structure (or register word) at @p base. Unaligned bases are fine. */
uint64_t hisi_hw_field_value(const struct hisi_hw_field *field, const void *base);

/**
 * Write the fields of a structure as "name=value(meaning) ..." into @p buf.
 *
 * Fields that are 0 are left out, and secret ones have no value. Always NUL-terminated; cut off
 * where @p len is too small.
 *
 * @return length that the whole text has, without NUL
 */
int hisi_hw_format(char *buf, int len, const struct hisi_hw_field *fields, const void *base);

/**
 * Fields of a SEC descriptor: by the type that it says it has.
 *
 * @param sqe whole descriptor, for its first byte
 * @return a table; that of type 2 for a type that is not known, with which it shares most
 */
const struct hisi_hw_field *hisi_sec_sqe_fields(const void *sqe);

/**
 * Register at @p offset, or NULL if the reference names none there.
 *
 * @param engine_regs hisi_zip_regs, ...; NULL: those of the queue manager only
 */
const struct hisi_hw_reg *hisi_hw_reg_find(const struct hisi_hw_reg *engine_regs, uint32_t offset);
/** Name of the register at @p offset, "unknown" if the reference has none. */
const char *hisi_hw_reg_name(const struct hisi_hw_reg *engine_regs, uint32_t offset);

const char *hisi_qm_version_name(uint64_t version);
const char *hisi_qm_mailbox_command_name(uint64_t command);
const char *hisi_qm_doorbell_command_name(uint64_t command);
const char *hisi_qm_aeqe_type_name(uint64_t type);
const char *hisi_qm_ifc_command_name(uint64_t command);
const char *hisi_qm_error_name(uint64_t bit);
const char *hisi_zip_error_name(uint64_t bit);
const char *hisi_zip_status_name(uint64_t status);
const char *hisi_zip_request_name(uint64_t request);
const char *hisi_zip_buffer_name(uint64_t type);
const char *hisi_zip_window_name(uint64_t window);
const char *hisi_zip_queue_type_name(uint64_t type);
const char *hisi_sec_error_name(uint64_t bit);
const char *hisi_sec_status_name(uint64_t status);
const char *hisi_sec_queue_type_name(uint64_t type);
const char *hisi_sec_bd_type_name(uint64_t type);
const char *hisi_sec_cipher_name(uint64_t cipher);
const char *hisi_sec_auth_name(uint64_t auth);
const char *hisi_sec_scene_name(uint64_t scene);
const char *hisi_sec_buffer_name(uint64_t type);
const char *hisi_sec_c_alg_name(uint64_t alg);
const char *hisi_sec_c_mode_name(uint64_t mode);
const char *hisi_sec_a_alg_name(uint64_t alg);
const char *hisi_sec_ai_gen_name(uint64_t ai_gen);
const char *hisi_sec_icv_name(uint64_t icv);
const char *hisi_sec_flag_name(uint64_t flag);

/*
 * What an error means and what to do about it, a sentence or two. [INF]: taken from the name alone;
 * [UNK]: not published. "The driver resets the PF" is what ours does with the masks that the chip
 * has by default (zip.md 1.2, sec.md 1.3).
 */
const char *hisi_qm_aeqe_type_remedy(uint64_t type);
const char *hisi_qm_error_remedy(uint64_t bit);
const char *hisi_zip_error_remedy(uint64_t bit);
const char *hisi_zip_status_remedy(uint64_t status);
const char *hisi_sec_error_remedy(uint64_t bit);
const char *hisi_sec_status_remedy(uint64_t status);

#endif /* HISI_HW_NAMES_H */
