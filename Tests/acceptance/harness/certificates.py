"""A certificate authority for one test, made by `openssl`."""

import pathlib
import subprocess

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Authority:
    """`certificate` is its own, as a path; `issue` makes others."""

    def __init__(self, folder, name="ca"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.certificate = self.folder / f"{name}.pem"
        self._key = self.folder / f"{name}.key"
        openssl(
            "req", "-x509", "-keyout", self._key, "-out", self.certificate,
            "-days", "2", "-subj", f"/CN={name}", *KEY,
        )  # fmt: skip

    def issue(self, name, *alternatives):
        """A certificate for these names (`DNS:a.test`, `IP:127.0.0.1`), and its key, as paths."""
        key, request = self.folder / f"{name}.key", self.folder / f"{name}.csr"
        certificate, extensions = self.folder / f"{name}.pem", self.folder / f"{name}.ext"
        openssl("req", "-new", "-keyout", key, "-out", request, "-subj", f"/CN={name}", *KEY)
        extensions.write_text(f"subjectAltName={','.join(alternatives)}\n" if alternatives else "")
        openssl(
            "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key,
            "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", certificate,
        )  # fmt: skip
        return certificate, key


def openssl(*arguments):
    """Runs it and shows what it says if it fails."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
