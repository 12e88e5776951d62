"""AES key wrap by python3's cryptography: RFC 3394 (kw) and RFC 5649 (kwp). OpenSSL 3.5's `enc` refuses these modes.
Also a program, for tests: key_wrap.py wrap|unwrap kw|kwp KEY-HEX <FROM >TO."""
import sys

# (act, form): the name of the function of (wrapping key, input).
ACTS = {("wrap", "kw"): "aes_key_wrap", ("unwrap", "kw"): "aes_key_unwrap",
        ("wrap", "kwp"): "aes_key_wrap_with_padding", ("unwrap", "kwp"): "aes_key_unwrap_with_padding"}


class KeyWrapError(Exception):
    """The input cannot be wrapped, or does not open under this key."""


def run(act, form, key, data):
    """The output of `act` "wrap" or "unwrap", `form` "kw" or "kwp"."""
    # Not above: most commands of a stand-in wrap nothing, and the library takes longer to load than they run.
    from cryptography.hazmat.primitives import keywrap  # noqa: PLC0415
    if act == "unwrap" and len(data) % 8 != 0:  # the library does not look
        raise KeyWrapError(f"AES-{form.upper()} {act}: {len(data)} bytes are not whole blocks of 8")
    try:
        return getattr(keywrap, ACTS[act, form])(key, data)
    except (keywrap.InvalidUnwrap, ValueError) as error:
        raise KeyWrapError(f"AES-{form.upper()} {act}: {str(error) or 'the integrity check failed'}") from error


def main(arguments):
    """0; 1 and one line on standard error when the input is refused."""
    act, form, key = arguments
    try:
        sys.stdout.buffer.write(run(act, form, bytes.fromhex(key), sys.stdin.buffer.read()))
    except KeyWrapError as error:
        sys.stderr.write(f"key_wrap: error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
