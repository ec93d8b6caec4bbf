# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Servers that a driver may meet at a socket and that are not the device it hopes for."""

import contextlib
import os
import socket
import struct
import threading

VERSION, GET_INFO, REGION_INFO, IRQ_INFO, REGION_READ = 1, 4, 5, 7, 9
CONFIG_REGION = 7
REPLY, ERROR = 0x1, 0x20
EINVAL = 22
JSON = b'{"capabilities":{"max_msg_fds":16,"max_data_xfer_size":1048576}}\0'


class Stranger:
    """kind: silent (accepts and says nothing), garbage, hangup, dies (behind VERSION), sec (a
    well-behaved vfio-user device of another engine), other (a well-behaved one of another
    vendor)."""

    IDS = {"sec": 0xA25519E5, "other": 0x100E8086}

    def __init__(self, path, kind):
        self.kind = kind
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        os.chmod(path, 0o600)
        self.listener.listen()
        self.connections = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        # Who waits in accept() would keep it listening.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            connection.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            try:
                self._talk(connection)
            except (OSError, struct.error):
                connection.close()

    def _talk(self, connection):
        if self.kind == "hangup":
            connection.close()
        elif self.kind == "garbage":
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 8)
        elif self.kind in self.IDS or self.kind == "dies":
            self._device(connection)

    def _device(self, connection):
        while True:
            header = connection.recv(16, socket.MSG_WAITALL)
            ident, command, size, _, _ = struct.unpack("<HHIII", header)
            payload = connection.recv(size - 16, socket.MSG_WAITALL) if size > 16 else b""
            reply = self._answer(command, payload)
            flags, error = (REPLY, 0) if reply is not None else (REPLY | ERROR, EINVAL)
            reply = reply or b""
            connection.sendall(struct.pack("<HHIII", ident, command, 16 + len(reply), flags, error)
                               + reply)
            if self.kind == "dies":
                connection.close()
                return

    def _answer(self, command, payload):
        if command == VERSION:
            return struct.pack("<HH", 0, 0) + JSON
        if command == GET_INFO:
            return struct.pack("<IIII", 16, 3, 9, 5)
        if command == REGION_INFO:
            index = struct.unpack_from("<I", payload, 8)[0]
            size = {CONFIG_REGION: 4096, 2: 4 << 20}.get(index, 0)
            return struct.pack("<IIIIQQ", 32, 3 if size else 0, index, 0, size, 0)
        if command == IRQ_INFO:
            index = struct.unpack_from("<I", payload, 8)[0]
            return struct.pack("<IIII", 16, 1, index, 0)
        if command == REGION_READ:
            offset, region, count = struct.unpack_from("<QII", payload)
            if region == CONFIG_REGION:
                space = struct.pack("<I", self.IDS[self.kind]) + bytes(4092)
                return payload[:16] + space[offset:offset + count]
        return None
