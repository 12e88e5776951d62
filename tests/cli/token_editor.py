"""What somebody does to a token beside keyrite, with Cryptoki itself.

usage: token_editor.py FOLDER_OF_token_objects MODULE PIN destroy LABEL | copy LABEL NEW ID | copy-id ID NEW ID
                       | mute-id ID NEW ID (a copy that unwraps nothing)
"""
import ctypes
import sys

sys.path.insert(0, sys.argv[1])
import token_objects as at  # noqa: E402

CKF_RW_SESSION = 2
CKA_KEY_TYPE, CKA_WRAP, CKA_UNWRAP, CKA_VALUE_LEN = 0x100, 0x106, 0x107, 0x161
CKM_AES_KEY_GEN, CKM_AES_KEY_WRAP = 0x1080, 0x2109
FALSE, TRUE, SECRET_KEY, AES = b"\0", b"\1", 4, 0x1F


class Mechanism(ctypes.Structure):
    _fields_ = [("mechanism", at.ULONG), ("parameter", ctypes.c_void_p), ("length", at.ULONG)]


class Template:
    """Attributes, and the memory that they point to."""

    def __init__(self, **content):
        self._rooms = []
        self.attributes = (at.Attribute * len(content))()
        for place, (name, value) in enumerate(content.items()):
            raw = bytes(at.ULONG(value)) if isinstance(value, int) else value
            room = ctypes.create_string_buffer(raw, len(raw))
            self._rooms.append(room)
            kind = getattr(at, name, None)
            kind = globals()[name] if kind is None else kind
            self.attributes[place] = at.Attribute(kind, ctypes.addressof(room), len(raw))

    def arguments(self):
        return self.attributes, at.ULONG(len(self.attributes))


def copy(cryptoki, session, handle, label, key_id, **more):
    """The key once more: out of the token under a key of ours, and in again under another id."""
    carrier = at.ULONG()
    cryptoki.call("C_GenerateKey", session, ctypes.byref(Mechanism(CKM_AES_KEY_GEN, None, 0)),
                  *Template(CKA_VALUE_LEN=32, CKA_WRAP=TRUE, CKA_UNWRAP=TRUE).arguments(), ctypes.byref(carrier))
    wrap = Mechanism(CKM_AES_KEY_WRAP, None, 0)
    length = at.ULONG(1024)
    wrapped = ctypes.create_string_buffer(1024)
    cryptoki.call("C_WrapKey", session, ctypes.byref(wrap), carrier, handle, wrapped, ctypes.byref(length))
    made = at.ULONG()
    wanted = Template(CKA_CLASS=SECRET_KEY, CKA_KEY_TYPE=AES, CKA_TOKEN=TRUE, CKA_LABEL=label, CKA_ID=key_id, **more)
    cryptoki.call("C_UnwrapKey", session, ctypes.byref(wrap), carrier, wrapped, length, *wanted.arguments(),
                  ctypes.byref(made))


def main(module, pin, what, label, *words):
    at.CKF_SERIAL_SESSION |= CKF_RW_SESSION
    cryptoki = at.Cryptoki(module)
    session = cryptoki.session(pin.encode())
    kind, value = (at.CKA_ID, bytes.fromhex(label)) if what.endswith("-id") else (at.CKA_LABEL, label.encode())
    named = [handle for handle in list(cryptoki.handles(session)) if cryptoki.value(session, handle, kind) == value]
    if not named:
        raise SystemExit(f"no object is called {label}")
    for handle in named:
        if what == "destroy":
            cryptoki.call("C_DestroyObject", session, handle)
        elif what == "mute-id":
            copy(cryptoki, session, handle, words[0].encode(), bytes.fromhex(words[1]), CKA_UNWRAP=FALSE)
        else:
            copy(cryptoki, session, handle, words[0].encode(), bytes.fromhex(words[1]))


if __name__ == "__main__":
    main(*sys.argv[2:])
