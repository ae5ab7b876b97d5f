"""A site behind nginx, which runs from the shipped files with other ports, paths and keys."""

import os
import shutil
import ssl
import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.processes.sites import Answer, Site, free_port
from tests.processes.waiting import until
from tests.project.catalogues import ROOT
from tests.skips import need

SHIPPED = ROOT / "deploy" / "nginx"
NAME = "localhost"
#: What the machine's own nginx.conf has around a site's file.
_AROUND = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/logs/error.log emerg;
events {{ worker_connections 8192; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/petition.conf;
}}
"""


@dataclass
class SiteBehindNginx(Site):
    """Asked through nginx with TLS; `ask_plainly` goes to its port 80."""

    secure_port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    nginx: subprocess.Popen[bytes] | None = None

    @property
    def nginx_folder(self) -> Path:
        """Its files: logs, kept pages, whatever it writes while it works."""
        return self.folder.with_name(f"{self.folder.name}-nginx")

    def start(self) -> "SiteBehindNginx":
        self.start_nginx()
        super().start()
        return self

    def start_nginx(self) -> None:
        program = need("nginx")
        folder = self.nginx_folder
        (folder / "logs").mkdir(parents=True)
        shutil.copytree(SHIPPED / "snippets", folder / "snippets")
        _write_certificate(folder)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_AROUND.format(user=user, folder=folder))
        (folder / "petition.conf").write_text(self._adapted())
        command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self.nginx = subprocess.Popen([*command, "-g", "daemon off;"])
        until(self._listens, "nginx answers")

    def kill(self) -> None:
        super().kill()
        if self.nginx is not None:
            self.nginx.terminate()
            self.nginx.wait(10)

    def ask(
        self, method: str, path: str, *, body: str | None = None, headers: dict[str, str]
    ) -> Answer:
        with closing(self.connect()) as connection:
            return _ask(connection, method, path, body, headers)

    def ask_plainly(self, path: str, **headers: str) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.plain_port, timeout=20)) as connection:
            return _ask(connection, "GET", path, None, {"Host": NAME, **headers})

    def connect(self) -> HTTPSConnection:
        """With the right name; the certificate is our own and is not looked at."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return HTTPSConnection(NAME, self.secure_port, timeout=20, context=context)

    def log_lines(self) -> list[list[str]]:
        """Its access log: time, verb, route, status, bytes, seconds, what the cache did."""
        log = self.nginx_folder / "logs" / "petition.log"
        return [line.split(" ") for line in log.read_text().splitlines()]

    def _adapted(self) -> str:
        """The shipped file with names, ports and paths of this machine; no rule is touched."""
        lines = (SHIPPED / "petition.conf").read_text("utf-8").splitlines()
        text = "\n".join(line for line in lines if "listen [::]" not in line)
        folder = self.nginx_folder
        for shipped, here in {
            "listen 80": f"listen 127.0.0.1:{self.plain_port}",
            "listen 443": f"listen 127.0.0.1:{self.secure_port}",
            "server 127.0.0.1:8000": f"server 127.0.0.1:{self.port}",
            "/etc/letsencrypt/live/petition.example.org": str(folder),
            "petition.example.org": NAME,
            "/var/log/nginx": f"{folder}/logs",
            "/var/cache/petition-pages": f"{folder}/kept",
            "/var/cache/petition/static": f"{self.folder}/static",
            "/etc/nginx/petition-pages": f"{SHIPPED}/pages",
        }.items():
            assert shipped in text
            text = text.replace(shipped, here)
        return text

    def _listens(self) -> bool:
        assert self.nginx is not None
        assert self.nginx.poll() is None, "nginx does not start"
        with suppress(OSError):
            return self.ask_plainly("/").status == 301
        return False


def _ask(
    connection: HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> Answer:
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
