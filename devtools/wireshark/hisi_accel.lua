-- SPDX-License-Identifier: BSD-3-Clause
-- Copyright(c) 2026 The hisi-accel authors
--
-- Wireshark's view of a capture of the message channel (dpdk-testacc: capture start FILE):
--   wireshark -X lua_script:devtools/wireshark/hisi_accel.lua FILE
-- Made by doc/tables/make_tables.py from lib/hisi_hw and doc/tables/hisi_accel.lua.in: change those.

local tables = {
	doorbell = {
		{ name = "queue", offset = 0, len = 2, mask = 0xfff },
		{ name = "command", offset = 1, len = 1, mask = 0xf0, names = { [0x0] = "sq", [0x1] = "cq", [0x2] = "eq", [0x3] = "aeq", } },
		{ name = "tag", offset = 2, len = 2 },
		{ name = "index", offset = 4, len = 2 },
		{ name = "priority", offset = 6, len = 2 },
	},
	cqe = {
		{ name = "cmd_id", offset = 4, len = 2 },
		{ name = "sq_head", offset = 8, len = 2 },
		{ name = "sq_num", offset = 10, len = 2 },
		{ name = "phase", offset = 14, len = 1, mask = 0x1 },
		{ name = "status", offset = 14, len = 2, mask = 0xfffe },
	},
	zip = {
		{ name = "consumed", offset = 0, len = 4 },
		{ name = "produced", offset = 4, len = 4 },
		{ name = "comp_data_length", offset = 8, len = 4 },
		{ name = "status", offset = 12, len = 1, names = { [0x0] = "ok", [0xd] = "negacompress", [0xe] = "dstlen_out", [0xf] = "in_data_dif_check_err", [0x10] = "crc_err", [0x12] = "uncomp_dif_check_err", [0x13] = "decomp_end", [0xe0] = "model_bad_data", [0xe1] = "model_truncated", [0xe2] = "model_bad_parameter", [0xe3] = "model_unsupported", [0xe4] = "model_read_fault", [0xe5] = "model_write_fault", } },
		{ name = "last_block", offset = 13, len = 1, mask = 0x1 },
		{ name = "input_data_length", offset = 16, len = 4 },
		{ name = "lba", offset = 20, len = 8 },
		{ name = "in_offset", offset = 28, len = 3 },
		{ name = "finish", offset = 31, len = 1, mask = 0x2 },
		{ name = "stateful", offset = 31, len = 1, mask = 0x4 },
		{ name = "stream_new", offset = 31, len = 1, mask = 0x8 },
		{ name = "sqe_type", offset = 31, len = 1, mask = 0xf0 },
		{ name = "out_offset", offset = 32, len = 3 },
		{ name = "request", offset = 36, len = 1, names = { [0x1] = "deflate", [0x2] = "zlib", [0x3] = "gzip", [0x4] = "lz4", [0x40] = "lz77_only", [0x41] = "lz77_only_price", [0x42] = "lz77_zstd_price", [0x43] = "lz77_zstd", } },
		{ name = "buffer", offset = 37, len = 1, mask = 0xf, names = { [0x0] = "flat", [0x1] = "sgl", } },
		{ name = "window", offset = 37, len = 1, mask = 0xf0, names = { [0x0] = "4K", [0x1] = "8K", [0x2] = "16K", [0x3] = "24K", [0x4] = "32K", } },
		{ name = "align_size", offset = 38, len = 2 },
		{ name = "dw10", offset = 40, len = 4 },
		{ name = "priv_info", offset = 44, len = 4 },
		{ name = "dw12", offset = 48, len = 4 },
		{ name = "dw13", offset = 52, len = 4 },
		{ name = "dest_avail_out", offset = 56, len = 4 },
		{ name = "ctx_state", offset = 60, len = 1, mask = 0xf },
		{ name = "ctx_bfinal", offset = 60, len = 1, mask = 0x80 },
		{ name = "ctx_head_bits", offset = 61, len = 1, mask = 0xfc },
		{ name = "comp_head_addr", offset = 64, len = 8 },
		{ name = "source_addr", offset = 72, len = 8 },
		{ name = "dest_addr", offset = 80, len = 8 },
		{ name = "stream_ctx_addr", offset = 88, len = 8 },
		{ name = "literals_addr", offset = 96, len = 8 },
		{ name = "tag", offset = 104, len = 8 },
		{ name = "ctx_store_count", offset = 112, len = 3, mask = 0x7ffff },
		{ name = "ctx_window_len", offset = 116, len = 2 },
		{ name = "isize", offset = 120, len = 4 },
		{ name = "checksum", offset = 124, len = 4 },
	},
	sec_bd2 = {
		{ name = "type", offset = 0, len = 1, mask = 0xf, names = { [0x1] = "bd1", [0x2] = "bd2", [0x3] = "bd3", } },
		{ name = "cipher", offset = 0, len = 1, mask = 0x30, names = { [0x0] = "none", [0x1] = "encrypt", [0x2] = "decrypt", [0x3] = "copy", } },
		{ name = "auth", offset = 0, len = 1, mask = 0xc0, names = { [0x0] = "none", [0x1] = "compute", [0x2] = "verify", } },
		{ name = "seq", offset = 1, len = 1, mask = 0x1 },
		{ name = "de", offset = 1, len = 1, mask = 0x6 },
		{ name = "scene", offset = 1, len = 1, mask = 0x78, names = { [0x0] = "none", [0x1] = "ipsec", [0x3] = "tls", [0x4] = "dtls", [0x5] = "storage", [0x6] = "nas", [0x7] = "stream", [0x8] = "pbkdf2", [0x9] = "smb", } },
		{ name = "src_addr_type", offset = 1, len = 2, mask = 0x380, names = { [0x0] = "flat", [0x1] = "sgl", [0x2] = "prp", } },
		{ name = "dst_addr_type", offset = 2, len = 1, mask = 0x1c, names = { [0x0] = "flat", [0x1] = "sgl", [0x2] = "prp", } },
		{ name = "mac_addr_type", offset = 2, len = 1, mask = 0xe0 },
		{ name = "nonce_len", offset = 4, len = 1, mask = 0xf },
		{ name = "huk", offset = 4, len = 1, mask = 0x10 },
		{ name = "ci_gen", offset = 4, len = 1, mask = 0xc0 },
		{ name = "ai_gen", offset = 5, len = 1, mask = 0x3, names = { [0x0] = "inner", [0x1] = "addr", [0x2] = "computed", [0x3] = "trng", } },
		{ name = "a_pad", offset = 5, len = 1, mask = 0xc },
		{ name = "c_key_type", offset = 6, len = 1, mask = 0x6 },
		{ name = "a_key_type", offset = 6, len = 1, mask = 0x18 },
		{ name = "invalid", offset = 7, len = 1, mask = 0x80 },
		{ name = "mac_len", offset = 8, len = 1, mask = 0x1f },
		{ name = "a_key_len", offset = 8, len = 2, mask = 0x7e0 },
		{ name = "a_alg", offset = 9, len = 2, mask = 0x1f8, names = { [0x0] = "sha1", [0x1] = "sha256", [0x2] = "md5", [0x3] = "sha224", [0x4] = "sha384", [0x5] = "sha512", [0x6] = "sha512_224", [0x7] = "sha512_256", [0x10] = "hmac_sha1", [0x11] = "hmac_sha256", [0x12] = "hmac_md5", [0x13] = "hmac_sha224", [0x14] = "hmac_sha384", [0x15] = "hmac_sha512", [0x16] = "hmac_sha512_224", [0x17] = "hmac_sha512_256", [0x20] = "aes_xcbc", [0x21] = "aes_cmac", [0x22] = "aes_gmac", [0x25] = "sm3", [0x26] = "hmac_sm3", [0x31] = "sm4_gmac", } },
		{ name = "c_icv_len", offset = 12, len = 1, mask = 0x3f },
		{ name = "c_width", offset = 12, len = 2, mask = 0x1c0 },
		{ name = "c_key_len", offset = 13, len = 1, mask = 0xe },
		{ name = "c_mode", offset = 13, len = 1, mask = 0xf0, names = { [0x0] = "ecb", [0x1] = "cbc", [0x2] = "cfb", [0x3] = "ofb", [0x4] = "ctr", [0x5] = "ccm", [0x6] = "gcm", [0x7] = "xts", [0x9] = "cbc_cs", } },
		{ name = "c_alg", offset = 14, len = 1, mask = 0xf, names = { [0x0] = "des", [0x1] = "3des", [0x2] = "aes", [0x3] = "sm4", } },
		{ name = "a_len", offset = 16, len = 3 },
		{ name = "c_len", offset = 20, len = 3 },
		{ name = "auth_src_offset", offset = 24, len = 2 },
		{ name = "cipher_src_offset", offset = 26, len = 2 },
		{ name = "w7", offset = 28, len = 4 },
		{ name = "w8", offset = 32, len = 4 },
		{ name = "salt", offset = 36, len = 4, secret = true },
		{ name = "tag", offset = 40, len = 2 },
		{ name = "w11", offset = 44, len = 4 },
		{ name = "long_a_data_len", offset = 48, len = 8 },
		{ name = "a_ivin_addr", offset = 56, len = 8 },
		{ name = "a_key_addr", offset = 64, len = 8 },
		{ name = "mac_addr", offset = 72, len = 8 },
		{ name = "c_ivin_addr", offset = 80, len = 8 },
		{ name = "c_key_addr", offset = 88, len = 8 },
		{ name = "data_src_addr", offset = 96, len = 8 },
		{ name = "data_dst_addr", offset = 104, len = 8 },
		{ name = "done", offset = 112, len = 1, mask = 0x1 },
		{ name = "icv", offset = 112, len = 1, mask = 0xe, names = { [0x0] = "not_checked", [0x1] = "passed", [0x2] = "mismatch", } },
		{ name = "csc", offset = 112, len = 1, mask = 0x70 },
		{ name = "flag", offset = 112, len = 2, mask = 0x780, names = { [0x0] = "none", [0x1] = "auth", [0x2] = "cipher", [0x3] = "aead", } },
		{ name = "dif_check", offset = 113, len = 1, mask = 0x38 },
		{ name = "error_type", offset = 114, len = 1, names = { [0x0] = "ok", [0xe0] = "model_bad_type", [0xe1] = "model_bad_cipher", [0xe2] = "model_bad_auth", [0xe3] = "model_bad_length", [0xe4] = "model_bad_sgl", [0xe5] = "model_read_fault", [0xe6] = "model_write_fault", [0xe7] = "model_unsupported", } },
		{ name = "warning_type", offset = 115, len = 1 },
		{ name = "mac_i", offset = 116, len = 4 },
		{ name = "w30", offset = 120, len = 4 },
		{ name = "counter", offset = 124, len = 4 },
	},
	sec_bd3 = {
		{ name = "type", offset = 0, len = 1, mask = 0xf, names = { [0x1] = "bd1", [0x2] = "bd2", [0x3] = "bd3", } },
		{ name = "invalid", offset = 0, len = 1, mask = 0x10 },
		{ name = "scene", offset = 0, len = 2, mask = 0x1e0, names = { [0x0] = "none", [0x1] = "ipsec", [0x3] = "tls", [0x4] = "dtls", [0x5] = "storage", [0x6] = "nas", [0x7] = "stream", [0x8] = "pbkdf2", [0x9] = "smb", } },
		{ name = "de", offset = 1, len = 1, mask = 0x6 },
		{ name = "src_addr_type", offset = 1, len = 1, mask = 0x38, names = { [0x0] = "flat", [0x1] = "sgl", [0x2] = "prp", } },
		{ name = "dst_addr_type", offset = 1, len = 2, mask = 0x1c0, names = { [0x0] = "flat", [0x1] = "sgl", [0x2] = "prp", } },
		{ name = "mac_addr_type", offset = 2, len = 1, mask = 0xe },
		{ name = "cipher", offset = 4, len = 1, mask = 0x3, names = { [0x0] = "none", [0x1] = "encrypt", [0x2] = "decrypt", [0x3] = "copy", } },
		{ name = "ci_gen", offset = 4, len = 1, mask = 0xc },
		{ name = "c_icv_len", offset = 4, len = 2, mask = 0x3f0 },
		{ name = "c_width", offset = 5, len = 1, mask = 0x1c },
		{ name = "c_key_len", offset = 5, len = 1, mask = 0xe0 },
		{ name = "c_mode", offset = 6, len = 1, mask = 0xf, names = { [0x0] = "ecb", [0x1] = "cbc", [0x2] = "cfb", [0x3] = "ofb", [0x4] = "ctr", [0x5] = "ccm", [0x6] = "gcm", [0x7] = "xts", [0x9] = "cbc_cs", } },
		{ name = "c_alg", offset = 6, len = 1, mask = 0xf0, names = { [0x0] = "des", [0x1] = "3des", [0x2] = "aes", [0x3] = "sm4", } },
		{ name = "nonce_len", offset = 7, len = 1, mask = 0xf },
		{ name = "huk", offset = 7, len = 1, mask = 0x10 },
		{ name = "cal_iv_addr_en", offset = 7, len = 1, mask = 0x20 },
		{ name = "seq", offset = 7, len = 1, mask = 0x40 },
		{ name = "tag", offset = 8, len = 8 },
		{ name = "data_src_addr", offset = 16, len = 8 },
		{ name = "a_key_addr", offset = 24, len = 8 },
		{ name = "a_ivin_addr", offset = 32, len = 8 },
		{ name = "w10", offset = 40, len = 4 },
		{ name = "w11", offset = 44, len = 4 },
		{ name = "c_key_addr", offset = 48, len = 8 },
		{ name = "auth", offset = 56, len = 1, mask = 0x3, names = { [0x0] = "none", [0x1] = "compute", [0x2] = "verify", } },
		{ name = "ai_gen", offset = 56, len = 1, mask = 0xc, names = { [0x0] = "inner", [0x1] = "addr", [0x2] = "computed", [0x3] = "trng", } },
		{ name = "mac_len", offset = 56, len = 2, mask = 0x1f0 },
		{ name = "a_key_len", offset = 57, len = 1, mask = 0x7e },
		{ name = "a_alg", offset = 57, len = 2, mask = 0x1f80, names = { [0x0] = "sha1", [0x1] = "sha256", [0x2] = "md5", [0x3] = "sha224", [0x4] = "sha384", [0x5] = "sha512", [0x6] = "sha512_224", [0x7] = "sha512_256", [0x10] = "hmac_sha1", [0x11] = "hmac_sha256", [0x12] = "hmac_md5", [0x13] = "hmac_sha224", [0x14] = "hmac_sha384", [0x15] = "hmac_sha512", [0x16] = "hmac_sha512_224", [0x17] = "hmac_sha512_256", [0x20] = "aes_xcbc", [0x21] = "aes_cmac", [0x22] = "aes_gmac", [0x25] = "sm3", [0x26] = "hmac_sm3", [0x31] = "sm4_gmac", } },
		{ name = "key_sel", offset = 58, len = 2, mask = 0x1e0 },
		{ name = "ctr_mode", offset = 59, len = 1, mask = 0x6 },
		{ name = "sva_prefetch", offset = 59, len = 1, mask = 0x8 },
		{ name = "key_wrap_num", offset = 59, len = 1, mask = 0x70 },
		{ name = "update_key", offset = 59, len = 1, mask = 0x80 },
		{ name = "salt", offset = 60, len = 4, secret = true },
		{ name = "auth_src_offset", offset = 64, len = 2 },
		{ name = "cipher_src_offset", offset = 66, len = 2 },
		{ name = "a_len", offset = 68, len = 3 },
		{ name = "c_len", offset = 72, len = 3 },
		{ name = "data_dst_addr", offset = 76, len = 8 },
		{ name = "mac_addr", offset = 84, len = 8 },
		{ name = "c_ivin_addr", offset = 92, len = 8 },
		{ name = "long_a_data_len", offset = 100, len = 8 },
		{ name = "auth_pad", offset = 108, len = 1, mask = 0x3 },
		{ name = "protocol", offset = 108, len = 1, mask = 0x1c },
		{ name = "mac_sel", offset = 108, len = 1, mask = 0x20 },
		{ name = "done", offset = 112, len = 1, mask = 0x1 },
		{ name = "icv", offset = 112, len = 1, mask = 0xe, names = { [0x0] = "not_checked", [0x1] = "passed", [0x2] = "mismatch", } },
		{ name = "csc", offset = 112, len = 1, mask = 0x70 },
		{ name = "flag", offset = 112, len = 2, mask = 0x780, names = { [0x0] = "none", [0x1] = "auth", [0x2] = "cipher", [0x3] = "aead", } },
		{ name = "dif_check", offset = 113, len = 1, mask = 0x38 },
		{ name = "error_type", offset = 114, len = 1, names = { [0x0] = "ok", [0xe0] = "model_bad_type", [0xe1] = "model_bad_cipher", [0xe2] = "model_bad_auth", [0xe3] = "model_bad_length", [0xe4] = "model_bad_sgl", [0xe5] = "model_read_fault", [0xe6] = "model_write_fault", [0xe7] = "model_unsupported", } },
		{ name = "warning_type", offset = 115, len = 1 },
		{ name = "mac_i", offset = 116, len = 4 },
		{ name = "sva_status", offset = 121, len = 1 },
		{ name = "counter", offset = 124, len = 4 },
	},
}

local engines = {
	[0] = { name = "ZIP", status = "status", types = { [0] = "compress", [1] = "decompress", [2] = "dae", } },
	[1] = { name = "SEC", status = "error_type", types = { [0] = "crypto", [1] = "pbkdf2", } },
}

-- Packets: lib/hisi_record/hisi_record_packet.h
local kinds = { [1] = "SQE", [2] = "CQE", [3] = "doorbell", [4] = "lost" }
local HEAD_LEN, CQE_LEN, VERSION = 16, 16, 1

local accel = Proto("hisi_accel", "HiSilicon accelerator, message channel")
local head = {
	version = ProtoField.uint8("hisi_accel.version", "version"),
	kind = ProtoField.uint8("hisi_accel.kind", "kind", base.DEC, kinds),
	engine = ProtoField.string("hisi_accel.engine", "engine"),
	type = ProtoField.string("hisi_accel.type", "queue type"),
	queue = ProtoField.uint16("hisi_accel.queue", "queue"),
	slot = ProtoField.uint16("hisi_accel.slot", "slot"),
	index = ProtoField.uint32("hisi_accel.index", "index"),
	lost = ProtoField.uint64("hisi_accel.lost", "lost"),
}
local all = {}
for _, field in pairs(head) do
	all[#all + 1] = field
end

local makers = {
	[1] = ProtoField.uint8, [2] = ProtoField.uint16, [3] = ProtoField.uint24,
	[4] = ProtoField.uint32, [8] = ProtoField.uint64,
}
for name, fields in pairs(tables) do
	for _, field in ipairs(fields) do
		local abbreviation = "hisi_accel." .. name .. "." .. field.name
		if field.len == 8 then
			field.proto = ProtoField.uint64(abbreviation, field.name, base.HEX)
		else
			field.proto = makers[field.len](abbreviation, field.name, base.HEX,
				field.names, field.mask)
		end
		all[#all + 1] = field.proto
	end
end
accel.fields = all

-- Fields of a descriptor; SEC's say themselves of which type they are (sec.md 2).
local function sqe_fields(engine, bytes)
	if engine == "ZIP" then
		return tables.zip
	elseif engine == "SEC" then
		return bit.band(bytes(0, 1):uint(), 0x0f) == 3 and tables.sec_bd3 or tables.sec_bd2
	end
end

local function value_of(field, bytes)
	if field.len > 4 or field.offset + field.len > bytes:len() then
		return nil
	end
	local value = bytes(field.offset, field.len):le_uint()
	if field.mask then
		value = bit.band(value, field.mask)
		local unit = bit.band(field.mask, -field.mask)
		value = value / unit
	end
	return value
end

-- Adds all fields to the tree; gives the name of the value of the one called status.
local function add_fields(tree, fields, bytes, status)
	local found
	for _, field in ipairs(fields) do
		if field.offset + field.len <= bytes:len() then
			local item = tree:add_le(field.proto, bytes(field.offset, field.len))
			if field.secret then
				item:append_text(" (secret, not captured)")
			end
			if field.name == status then
				local value = value_of(field, bytes)
				found = field.names and field.names[value] or tostring(value)
			end
		end
	end
	return found
end

local function add_head(tree, bytes, kind, engine)
	tree:add(head.version, bytes(0, 1))
	tree:add(head.kind, bytes(1, 1))
	tree:add(head.engine, bytes(2, 1), engine and engine.name or "unknown")
	local type = bytes(3, 1):uint()
	tree:add(head.type, bytes(3, 1), engine and engine.types[type] or tostring(type))
	tree:add_le(head.queue, bytes(4, 2))
	if kind == 1 or kind == 2 then
		tree:add_le(head.slot, bytes(6, 2))
	end
	tree:add_le(head.index, bytes(8, 4))
end

local function add_body(tree, bytes, kind, engine)
	local name = engine and engine.name or "unknown"
	if kind == 3 and bytes:len() >= 8 then
		add_fields(tree:add(bytes(), "doorbell"), tables.doorbell, bytes)
	elseif kind == 4 and bytes:len() >= 8 then
		tree:add_le(head.lost, bytes(0, 8))
	elseif kind == 1 and bytes:len() >= 1 then
		local fields = sqe_fields(name, bytes)
		if fields then
			add_fields(tree:add(bytes(), "descriptor"), fields, bytes)
		end
	elseif kind == 2 and bytes:len() > CQE_LEN then
		local cqe, sqe = bytes(0, CQE_LEN), bytes(CQE_LEN):tvb()
		add_fields(tree:add(cqe, "completion"), tables.cqe, cqe:tvb())
		local fields = sqe_fields(name, sqe)
		if fields then
			return add_fields(tree:add(sqe(), "descriptor as written back"), fields,
				sqe, engine.status)
		end
	end
end

function accel.dissector(buffer, info, tree)
	if buffer:len() < HEAD_LEN or buffer(0, 1):uint() ~= VERSION then
		return 0
	end
	local kind, engine = buffer(1, 1):uint(), engines[buffer(2, 1):uint()]
	local top = tree:add(accel, buffer())
	info.cols.protocol = "HISI " .. (engine and engine.name or "?")
	local text = string.format("queue %d: %s", buffer(4, 2):le_uint(), kinds[kind] or "?")
	if kind == 1 or kind == 2 then
		text = string.format("%s, slot %d", text, buffer(6, 2):le_uint())
	end
	add_head(top, buffer, kind, engine)
	if buffer:len() > HEAD_LEN then
		local status = add_body(top, buffer(HEAD_LEN):tvb(), kind, engine)
		text = status and (text .. ", " .. status) or text
	end
	info.cols.info = text
	return buffer:len()
end

-- DLT_USER0
DissectorTable.get("wtap_encap"):add(wtap.USER0, accel)
