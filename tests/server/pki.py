"""A certificate authority of our own for servers and people, made with openssl(1)."""
import pathlib
import subprocess

OPENSSL_TIMEOUT = 60


def openssl(*args):
    done = subprocess.run(["openssl", *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=OPENSSL_TIMEOUT)
    if done.returncode:
        raise SystemExit(f"openssl {args[0]} failed: {done.stderr.decode(errors='replace')}")


class Authority:
    """Keys and certificates in one directory: ca.pem, ca.key, NAME.pem, NAME.key, NAME.p12."""

    def __init__(self, directory, name="Cachet test CA"):
        self.dir = pathlib.Path(directory)
        self.name = name

    @property
    def ca(self):
        return self.dir / "ca.pem"

    def create(self):
        self.dir.mkdir(parents=True)
        self.key("ca")
        openssl("req", "-x509", "-new", "-key", self.dir / "ca.key", "-subj", f"/CN={self.name}", "-days", 3650,
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", self.ca)
        return self

    def key(self, name, rsa_bits=None):
        kind = (["RSA", "-pkeyopt", f"rsa_keygen_bits:{rsa_bits}"] if rsa_bits else
                ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        path = self.dir / f"{name}.key"
        openssl("genpkey", "-algorithm", *kind, "-out", path)
        path.chmod(0o600)

    def issue(self, name, subject, usage, san=None, key_usage="digitalSignature", rsa_bits=None, expired=False,
              self_signed=False):
        """make NAME.key and NAME.pem; san None leaves the subject alternative name out"""
        self.key(name, rsa_bits)
        extensions = ["basicConstraints=CA:FALSE", f"keyUsage={key_usage}", f"extendedKeyUsage={usage}",
                      "subjectKeyIdentifier=hash"]
        if san:
            extensions.append(f"subjectAltName={san}")
        if self_signed:
            added = [word for line in extensions[1:] for word in ("-addext", line)]
            openssl("req", "-x509", "-new", "-key", self.dir / f"{name}.key", "-subj", f"/CN={subject}", "-days", 3650,
                    *added, "-out", self.dir / f"{name}.pem")
            return
        request, config = self.dir / f"{name}.csr", self.dir / f"{name}.ext"
        openssl("req", "-new", "-key", self.dir / f"{name}.key", "-subj", f"/CN={subject}", "-out", request)
        if expired:
            self.issue_expired(name, request, extensions)
        else:
            config.write_text("\n".join([*extensions, "authorityKeyIdentifier=keyid"]) + "\n")
            openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.dir / "ca.key", "-CAcreateserial",
                    "-days", 3650, "-extfile", config, "-out", self.dir / f"{name}.pem")
        for leftover in (request, config):
            leftover.unlink(missing_ok=True)

    def issue_expired(self, name, request, extensions):
        """only ca(1) of openssl takes dates of the past; it wants a database and a configuration"""
        work = self.dir / f"{name}.ca"
        work.mkdir()
        (work / "index").write_text("")
        (work / "serial").write_text("77\n")
        (work / "conf").write_text("\n".join([
            "[ca]", "default_ca=here", "[here]", f"database={work}/index", f"serial={work}/serial",
            f"new_certs_dir={work}", "default_md=sha256", "policy=any", "x509_extensions=leaf",
            "[any]", "commonName=supplied", "[leaf]", *extensions]) + "\n")
        openssl("ca", "-batch", "-notext", "-config", work / "conf", "-cert", self.ca, "-keyfile", self.dir / "ca.key",
                "-startdate", "20200101000000Z", "-enddate", "20210101000000Z", "-in", request,
                "-out", self.dir / f"{name}.pem")

    def keychain(self, name, password, friendly_name=None):
        """NAME.p12: the key, its certificate and the authority's"""
        openssl("pkcs12", "-export", "-inkey", self.dir / f"{name}.key", "-in", self.dir / f"{name}.pem",
                "-certfile", self.ca, "-passout", f"pass:{password}", "-name", friendly_name or name,
                "-out", self.dir / f"{name}.p12")
        return self.dir / f"{name}.p12"


SERVER_NAMES = "DNS:localhost,DNS:mail.example.test,IP:127.0.0.1,IP:127.0.0.2"


def server_pki(directory, bad_certificates=False):
    """the authority, the server's certificate, a keychain for alice; on demand servers' certificates to be refused"""
    pki = Authority(directory).create()
    pki.issue("server", "mail.example.test", "serverAuth", SERVER_NAMES)
    pki.issue("alice", "Alice Martin", "clientAuth,emailProtection", "email:alice@example.test")
    pki.keychain("alice", "trousseau")
    if bad_certificates:
        names = "DNS:localhost,IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.4,IP:127.0.0.5,IP:127.0.0.6,IP:127.0.0.7,IP:127.0.0.8"
        pki.issue("self-signed", "localhost", "serverAuth", names, self_signed=True)
        pki.issue("expired", "localhost", "serverAuth", names, expired=True)
        pki.issue("wrong-host", "elsewhere.test", "serverAuth", "DNS:elsewhere.test")
        pki.issue("client-only", "localhost", "clientAuth", names)
        pki.issue("no-san", "127.0.0.8", "serverAuth", None)
    return pki
