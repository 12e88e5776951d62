"""What a token holds, asked by Cryptoki itself and by no code of keyrite.

usage: token_objects.py MODULE PIN_FILE       prints what listed() lists
"""
import ctypes
import json
import sys

ULONG = ctypes.c_ulong
CKF_SERIAL_SESSION, CKU_USER = 4, 1
CKA_CLASS, CKA_TOKEN, CKA_LABEL, CKA_ID = 0x0, 0x1, 0x3, 0x102


class Attribute(ctypes.Structure):
    _fields_ = [("type", ULONG), ("value", ctypes.c_void_p), ("length", ULONG)]


class Cryptoki:
    def __init__(self, module):
        self._module = ctypes.CDLL(module)
        self.call("C_Initialize", None)

    def call(self, name, *arguments):
        status = getattr(self._module, name)(*arguments)
        if status != 0:
            raise SystemExit(f"{name}: 0x{status & 0xffffffff:X}")

    def session(self, pin):
        """A session of the only token there is, logged in."""
        count = ULONG()
        self.call("C_GetSlotList", 1, None, ctypes.byref(count))
        slots = (ULONG * count.value)()
        self.call("C_GetSlotList", 1, slots, ctypes.byref(count))
        session = ULONG()
        # SoftHSM lists a free slot, whose token is not initialised, after the others.
        self.call("C_OpenSession", ULONG(slots[0]), ULONG(CKF_SERIAL_SESSION), None, None, ctypes.byref(session))
        self.call("C_Login", session, ULONG(CKU_USER), pin, ULONG(len(pin)))
        return session

    def value(self, session, handle, kind):
        """b"" of an attribute that the object does not have."""
        wanted = Attribute(kind, None, 0)
        get = self._module.C_GetAttributeValue
        if get(session, handle, ctypes.byref(wanted), ULONG(1)) != 0 or wanted.length in (0, ULONG(-1).value):
            return b""
        room = ctypes.create_string_buffer(wanted.length)
        wanted.value = ctypes.addressof(room)
        self.call("C_GetAttributeValue", session, handle, ctypes.byref(wanted), ULONG(1))
        return room.raw[:wanted.length]

    def handles(self, session):
        self.call("C_FindObjectsInit", session, None, ULONG(0))
        while True:
            handle, count = ULONG(), ULONG()
            self.call("C_FindObjects", session, ctypes.byref(handle), ULONG(1), ctypes.byref(count))
            if count.value == 0:
                return
            yield handle


def listed(module, pin_file):
    """[{"class": 4, "id": "hex", "label": "text"}, ...] of the token's objects, in a process that has not loaded the
    module yet."""
    cryptoki = Cryptoki(module)
    with open(pin_file, "rb") as file:
        session = cryptoki.session(file.read().strip())
    held = []
    for handle in list(cryptoki.handles(session)):
        if cryptoki.value(session, handle, CKA_TOKEN) == b"\1":
            held.append({"class": int.from_bytes(cryptoki.value(session, handle, CKA_CLASS), sys.byteorder),
                         "id": cryptoki.value(session, handle, CKA_ID).hex(),
                         "label": cryptoki.value(session, handle, CKA_LABEL).decode("utf-8", "replace")})
    # SoftHSM lists them by their addresses.
    return sorted(held, key=lambda one: (one["class"], one["id"], one["label"]))


if __name__ == "__main__":
    print(json.dumps(listed(*sys.argv[1:])))
