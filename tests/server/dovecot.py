"""Dovecot with everything private: configuration, users, start and stop, as root or as an ordinary user."""
import os
import pwd
import grp
import textwrap

# Where each kind of client connects; every port listens on all of them.
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
# name of the certificate below pki/ -> address that shows it (with bad certificates only)
BAD_CERTIFICATES = {"self-signed": "127.0.0.4", "expired": "127.0.0.5", "wrong-host": "127.0.0.6",
                    "client-only": "127.0.0.7", "no-san": "127.0.0.8"}
SPECIAL_FOLDERS = ("Sent", "Drafts", "Trash", "Junk", "Archive")
SMALL_QUOTA = 30_000


class Identity:
    """whom the daemons run as and the mail belongs to"""

    def __init__(self, privileged):
        if privileged:
            mail = pwd.getpwnam("mail")
            self.uid, self.gid = mail.pw_uid, mail.pw_gid
            self.internal, self.login, self.group = "dovecot", "dovenull", "dovecot"
        else:
            me = pwd.getpwuid(os.getuid())
            self.uid, self.gid = os.getuid(), os.getgid()
            self.internal = self.login = me.pw_name
            self.group = grp.getgrgid(os.getgid()).gr_name


def users_file(users, identity, mail):
    """passdb and userdb in one; the user "full" has next to no room"""
    lines = []
    for name, word in users.items():
        extra = f"userdb_quota_rule=*:bytes={SMALL_QUOTA}" if name == "full" else ""
        lines.append(f"{name}:{{PLAIN}}{word}:{identity.uid}:{identity.gid}::{mail}/{name}::{extra}")
    return "\n".join(lines) + "\n"


def mail_location(mail, mail_format):
    return f"{mail_format}:{mail}/%n" if mail_format == "maildir" else f"{mail_format}:{mail}/%n/{mail_format}"


def configuration(run, pki, mail, ports, identity, mail_format, bad_certificates):
    addresses = ADDRESSES + (tuple(BAD_CERTIFICATES.values()) if bad_certificates else ())
    shown = "".join(f"local {address} {{\n  ssl_cert = <{pki}/{name}.pem\n  ssl_key = <{pki}/{name}.key\n}}\n"
                    for name, address in BAD_CERTIFICATES.items() if bad_certificates)
    folders = "".join(f"mailbox {name} {{\n  special_use = \\{name}\n  auto = subscribe\n}}\n" for name in SPECIAL_FOLDERS)
    return textwrap.dedent("""\
        base_dir = {run}/dovecot
        state_dir = {run}/dovecot-state
        log_path = {run}/dovecot.log
        default_internal_user = {identity.internal}
        default_internal_group = {identity.group}
        default_login_user = {identity.login}
        default_vsz_limit = 0
        protocols = imap lmtp
        listen = {listen}
        ssl = required
        ssl_cert = <{pki}/server.pem
        ssl_key = <{pki}/server.key
        ssl_min_protocol = TLSv1.2
        disable_plaintext_auth = yes
        auth_mechanisms = plain login cram-md5
        auth_failure_delay = 0
        login_trusted_networks =
        mail_location = {location}
        mail_home = {mail}/%n
        mail_uid = {identity.uid}
        mail_gid = {identity.gid}
        first_valid_uid = 1
        first_valid_gid = 1
        mail_max_userip_connections = 100
        imap_hibernate_timeout = 0
        mail_plugins = quota
        plugin {{
          quota = count:User quota
          quota_vsizes = yes
        }}
        passdb {{
          driver = passwd-file
          args = username_format=%n {run}/users
        }}
        userdb {{
          driver = passwd-file
          args = username_format=%n {run}/users
        }}
        namespace inbox {{
          inbox = yes
          separator = /
          {folders}
        }}
        protocol imap {{
          mail_plugins = quota imap_quota
        }}
        protocol lmtp {{
          postmaster_address = postmaster@example.test
        }}
        service imap-login {{
          chroot =
          inet_listener imap {{
            port = {ports[imap]}
          }}
          inet_listener imaps {{
            port = {ports[imaps]}
            ssl = yes
          }}
        }}
        service auth {{
          unix_listener auth-postfix {{
            mode = 0666
          }}
        }}
        service lmtp {{
          unix_listener lmtp {{
            mode = 0666
          }}
          inet_listener lmtp {{
            address = 127.0.0.1
            port = {ports[lmtp]}
          }}
        }}
        service anvil {{
          chroot =
          unix_listener anvil-auth-penalty {{
            mode = 0
          }}
        }}
        service stats {{
          chroot =
        }}
        local 127.0.0.3 {{
          ssl = no
          disable_plaintext_auth = no
        }}
        """).format(run=run, pki=pki, mail=mail, ports=ports, identity=identity, listen=", ".join(addresses),
                    location=mail_location(mail, mail_format),
                    folders=folders) + shown
