"""Postfix with everything private: submission with STARTTLS, with TLS from the first byte and in clear. Root only."""
import grp
import os
import pwd
import textwrap

LIBEXEC = "/usr/lib/postfix/sbin"
SIZE_LIMIT = 52_428_800


def main_cf(run, pki, domain, users):
    known = " ".join(f"{{{name}@{domain} = here}}" + "," for name in users).rstrip(",")
    return textwrap.dedent(f"""\
        compatibility_level = 3.6
        queue_directory = {run}/postfix/queue
        data_directory = {run}/postfix/data
        command_directory = /usr/sbin
        daemon_directory = {LIBEXEC}
        maillog_file = {run}/postfix.log
        maillog_file_prefixes = {run}
        import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG
        myhostname = mail.{domain}
        mydestination =
        inet_protocols = ipv4
        inet_interfaces = loopback-only
        mynetworks =
        alias_maps =
        local_recipient_maps =
        virtual_mailbox_domains = {domain}
        virtual_mailbox_maps = inline:{{ {known} }}
        virtual_transport = lmtp:unix:{run}/dovecot/lmtp
        smtp_dns_support_level = disabled
        smtputf8_enable = yes
        message_size_limit = {SIZE_LIMIT}
        mailbox_size_limit = 0
        virtual_mailbox_limit = 0
        default_transport = error:outside is not reachable from the tests
        smtpd_tls_chain_files = {pki}/server.key, {pki}/server.pem
        smtpd_tls_security_level = may
        smtpd_tls_auth_only = yes
        smtpd_tls_received_header = yes
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = {run}/dovecot/auth-postfix
        smtpd_sasl_security_options = noanonymous
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        smtpd_peername_lookup = no
        smtpd_error_sleep_time = 0
        """)


def master_cf(ports):
    return textwrap.dedent(f"""\
        127.0.0.1:{ports['submission']} inet n - n - - smtpd
        127.0.0.1:{ports['submissions']} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
        127.0.0.1:{ports['clear']} inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
        cleanup   unix  n - n - 0 cleanup
        qmgr      unix  n - n 300 1 qmgr
        tlsmgr    unix  - - n 1000? 1 tlsmgr
        rewrite   unix  - - n - - trivial-rewrite
        bounce    unix  - - n - 0 bounce
        defer     unix  - - n - 0 bounce
        trace     unix  - - n - 0 bounce
        verify    unix  - - n - 1 verify
        proxymap  unix  - - n - - proxymap
        anvil     unix  - - n - 1 anvil
        error     unix  - - n - - error
        retry     unix  - - n - - error
        discard   unix  - - n - - discard
        lmtp      unix  - - n - - lmtp
        smtp      unix  - - n - - smtp
        postlog   unix-dgram n - n - 1 postlogd
        """)


def prepare(run, pki, ports, domain, users, now):
    """lay the queue by hand: the checks of postfix(1) cost seconds"""
    post, drop = pwd.getpwnam("postfix"), grp.getgrnam("postdrop").gr_gid
    queue = run / "postfix/queue"
    queue.mkdir(parents=True)
    private = ("private", "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
    for name, uid, gid, mode in (("pid", 0, 0, 0o755), ("etc", 0, 0, 0o755), ("public", post.pw_uid, drop, 0o710),
                                 ("maildrop", post.pw_uid, drop, 0o730), *((p, post.pw_uid, 0, 0o700) for p in private)):
        (queue / name).mkdir()
        os.chown(queue / name, uid, gid)
        (queue / name).chmod(mode)
    data = run / "postfix/data"
    data.mkdir()
    os.chown(data, post.pw_uid, post.pw_gid)
    for name, text in (("main.cf", main_cf(run, pki, domain, users)), ("master.cf", master_cf(ports))):
        path = run / "postfix" / name
        path.write_text(text)
        os.utime(path, (now - 60, now - 60))    # Postfix waits until a configuration is seconds old: date it back
