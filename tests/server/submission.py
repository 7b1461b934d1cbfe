#!/usr/bin/python3
"""A submission server for ordinary users: python3-aiosmtpd in front of Dovecot's LMTP socket.

usage: submission.py CONFIG.json

CONFIG holds "users" (name: password), "domain", "lmtp" (socket path), "certificate", "key", "size" and the ports
"submission" (STARTTLS), "submissions" (TLS from the first byte) and "clear" (no TLS at all), on 127.0.0.1.
"""
import asyncio
import hmac
import json
import os
import secrets
import smtplib
import ssl
import sys
import time
from email.message import EmailMessage
from email.utils import formatdate

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    """decides about recipients and hands messages to LMTP"""

    def __init__(self, config):
        self.domain = config["domain"]
        self.users = config["users"]
        self.lmtp = config["lmtp"]

    def authenticate(self, server, session, envelope, mechanism, data):
        name = data.login.decode(errors="replace")
        word = self.users.get(name.removesuffix("@" + self.domain))
        good = word is not None and hmac.compare_digest(word.encode(), data.password)
        return AuthResult(success=good, handled=False, auth_data=name if good else None)

    async def auth_CRAM__MD5(self, server, args):
        challenge = f"<{secrets.token_hex(8)}.{int(time.time())}@{self.domain}>".encode()
        answer = await server.challenge_auth(challenge, encode_to_b64=True)
        if not isinstance(answer, bytes):
            return AuthResult(success=False, handled=True)
        name, _, digest = answer.decode(errors="replace").rpartition(" ")
        word = self.users.get(name.removesuffix("@" + self.domain))
        right = hmac.new((word or "").encode(), challenge, "md5").hexdigest()
        good = word is not None and hmac.compare_digest(digest, right)
        return AuthResult(success=good, handled=False, auth_data=name if good else None)

    async def handle_RCPT(self, server, session, envelope, address, options):
        local, _, domain = address.rpartition("@")
        if domain.lower() != self.domain:
            return "550 5.7.1 This server sends nothing to the outside"
        if local.lower() not in self.users:
            return f"550 5.1.1 <{address}>: no such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        received = (f"Received: from {session.host_name} ([{session.peer[0]}])\r\n"
                    f"\tby mail.{self.domain} with ESMTP{'S' if session.ssl else ''}A;\r\n\t{formatdate()}\r\n")
        data = received.encode("utf-8") + envelope.original_content
        loop = asyncio.get_running_loop()
        failed = await loop.run_in_executor(None, self.deliver, envelope, data)
        if not failed:
            return "250 2.0.0 Ok: delivered"
        if len(failed) == len(envelope.rcpt_tos):
            return next(iter(failed.values()))
        await loop.run_in_executor(None, self.bounce, envelope.mail_from, failed)
        return "250 2.0.0 Ok: delivered in part"

    def deliver(self, envelope, data):
        """one transaction for each recipient: LMTP answers for each; returns {address: reply} of the failures"""
        failed = {}
        for recipient in envelope.rcpt_tos:
            try:
                with smtplib.LMTP(self.lmtp) as lmtp:
                    lmtp.sendmail(envelope.mail_from, [recipient], data, mail_options=["BODY=8BITMIME"])
            except smtplib.SMTPRecipientsRefused as error:
                failed[recipient] = self.reply(*error.recipients[recipient])
            except smtplib.SMTPResponseException as error:
                failed[recipient] = self.reply(error.smtp_code, error.smtp_error)
            except (OSError, smtplib.SMTPException) as error:
                failed[recipient] = f"451 4.3.0 Delivery failed: {type(error).__name__}"
        return failed

    @staticmethod
    def reply(code, text):
        return f"{code} {text.decode(errors='replace')}".splitlines()[0]

    def bounce(self, sender, failed):
        message = EmailMessage()
        message["From"], message["To"] = f"Mail Delivery System <postmaster@{self.domain}>", sender
        message["Subject"], message["Date"] = "Undelivered mail", formatdate()
        message.set_content("Your message was not delivered to:\n\n" +
                            "".join(f"{address}: {reply}\n" for address, reply in failed.items()))
        with smtplib.LMTP(self.lmtp) as lmtp:
            lmtp.sendmail("", [sender], message.as_bytes())


def start(config):
    handler = Handler(config)
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(config["certificate"], config["key"])

    def listen(port, on_connect=None, tls=None, need_tls=False):
        def factory():
            return SMTP(handler, hostname=f"mail.{config['domain']}", ident="Cachet test submission", loop=loop,
                        enable_SMTPUTF8=True, data_size_limit=config["size"], tls_context=tls, require_starttls=need_tls,
                        auth_required=True, auth_require_tls=need_tls, authenticator=handler.authenticate)
        return loop.create_server(factory, "127.0.0.1", port, ssl=on_connect)

    return (listen(config["submission"], tls=context, need_tls=True), listen(config["submissions"], on_connect=context),
            listen(config["clear"]))


async def main(path):
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    for server in start(config):
        await server
    print("ready", os.getpid(), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    asyncio.run(main(sys.argv[1]))
