"""What comes regularly: seminars, alarms, commits, menus, tickets, orders, newsletters, returned work, junk.

Each entry is (folder, days before today, sender, recipients, subject, text, html, files, options).
"""
from people import (ALICE, BOB, CANTEEN, CAROL, COMMITS, LIBRARY, MONITOR, PAPERS, SEMINAR, SHOP, STUDENTS, TEAM, TRAINS)

TALKS = [
    ("Signed routes in small meshes", "Bob Durand", "en"), ("Mesurer sans déranger", "Hélène Girard", "fr"),
    ("Why buffers bloat", "Sofia Rossi", "en"), ("Certificats : qui se porte garant ?", "Alice Martin", "fr"),
    ("TCP over the Moon", "Carol Nguyen", "en"), ("Histoire du courrier électronique", "Jérôme Lefèvre", "fr"),
    ("Clocks that agree", "Kenichi Tanaka", "en"), ("Files d'attente et vie quotidienne", "Hélène Girard", "fr"),
    ("What a listener learns from sealed mail", "Alice Martin", "en"), ("Radio libre, radio partagée", "Carol Nguyen", "fr"),
    ("Reading packet captures for pleasure", "Bob Durand", "en"), ("Graphes aléatoires", "Jérôme Lefèvre", "fr"),
    ("A year without passwords", "Sofia Rossi", "en"), ("Le routage expliqué aux fourmis", "Amina Haddad", "fr"),
    ("Failures we have known", "Xiaoming Li", "en"), ("Compression : moins, c'est plus", "Hélène Girard", "fr"),
    ("Names, addresses and routes", "Ivan Petrov", "en"), ("Sécurité des objets connectés", "Yanis Benali", "fr"),
    ("Testing at the speed of light", "Carol Nguyen", "en"), ("Ce que dit un en-tête", "Alice Martin", "fr"),
    ("The long way round: satellite links", "Sofia Rossi", "en"), ("Multidiffusion, le retour", "Bob Durand", "fr"),
    ("Seals and postmarks", "Alice Martin", "en"), ("Mesures du campus", "Chloé Petit", "fr"),
]
LINKS = ["sw-3 port 12", "sw-1 port 4", "mesh-07 radio 0", "mesh-31 radio 1", "gw-2 uplink", "sw-2 port 24"]
PATCHES = [
    "route: drop announcements with a bad signature", "sim: add 48 nodes to the grid", "clock: correct drift once a minute",
    "docs: draw the state machine", "tests: cut every packet at every byte", "radio: set the channel before the power",
    "route: keep the last sequence number in flash", "sim: make runs repeatable", "build: warn about unused results",
    "announce: sign before sending, not after", "log: say which neighbour", "tests: replay the Turin capture",
    "route: prefer the older of two equal paths", "keys: refuse short ones", "sim: count lost packets per link",
    "docs: explain why times were a bad idea", "radio: survive a missing antenna", "route: forget a neighbour after 90 s",
    "tests: run in a network namespace", "keys: read PKCS #12 files", "sim: plot convergence", "clock: ignore jumps of a year",
    "route: do not answer to ourselves", "log: write times in UTC", "build: drop the old compiler", "announce: cap the hop count",
    "docs: thank the reviewers", "tests: add the node that lies", "route: measure before optimising", "sim: fix off-by-one node",
]
MENUS = [("Blanquette de veau", "Curry de légumes"), ("Poisson du jour", "Gratin dauphinois"), ("Couscous", "Lasagnes aux épinards"),
         ("Bœuf bourguignon", "Quiche aux poireaux"), ("Poulet basquaise", "Risotto aux cèpes"), ("Cassoulet", "Tarte aux légumes")]
TRIPS = [("Paris", "Turin", "21:14", "07:24"), ("Turin", "Paris", "22:02", "08:11"), ("Paris", "Lyon", "08:00", "09:58"),
         ("Lyon", "Paris", "18:04", "20:02"), ("Paris", "Rennes", "10:12", "11:39"), ("Rennes", "Paris", "17:35", "19:02"),
         ("Paris", "Bruxelles", "07:13", "08:35"), ("Bruxelles", "Paris", "19:13", "20:35")]
ORDERS = ["12 quartz 26 MHz", "2 antennes 2,4 GHz", "10 boîtiers IP65", "1 analyseur logique 8 voies", "50 câbles RJ45 0,5 m",
          "4 batteries LiFePO4", "1 fer à souder", "8 cartes radio"]
NEWS = ["The week the backbone held", "A certificate expires, a bank closes", "IPv6 turns thirty", "The art of the small packet",
        "Who reads your headers?", "Postcards and envelopes", "Latency is a feeling", "The last modem", "Names are hard",
        "Ten captures that changed a mind", "Routing around the truth", "What we owe to Postel"]
BOOKS = ["Graph Theory", "Computer Networks", "Les Misérables, tome 2", "The Codebreakers", "Théorie des files d'attente",
         "Unix Network Programming"]
JUNK = ["You have won a router!!!", "Re: your invoice 88123", "Votre colis est bloqué", "Make $$$ with your packets",
        "Congratulations, Alice Martin", "URGENT: verify you mailbox", "Rencontrez des serveurs près de chez vous",
        "Cheap certificates, no questions", "Your domain expires today", "Héritage à réclamer", "Best watches for engineers",
        "Double your bandwidth naturally"]

PAGE = """<html><head><style>body {{ font-family: sans-serif; color: #222 }} h1 {{ color: #a41e22; font-size: 20px }}
table {{ border-collapse: collapse }} td {{ border: 1px solid #ccc; padding: 4px 10px }}</style></head><body>
<h1>{title}</h1>
{body}
<p style="color: #777; font-size: 11px">{foot}</p>
<img src="https://pixel.example.com/open.gif?id={number}" width="1" height="1" alt="">
</body></html>
"""


def page(title, body, foot, number):
    return PAGE.format(title=title, body=body, foot=foot, number=number)


def seminars():
    for number, (title, speaker, language) in enumerate(TALKS):
        if language == "fr":
            text = (f"Bonjour,\n\nLe prochain séminaire aura lieu jeudi à 14 h, salle 204 :\n\n  {title}\n  {speaker}\n\n"
                    "Un café sera servi à 13 h 45.\n\nPour ne plus recevoir ces messages : réponse avec le sujet « stop ».")
            subject = f"[séminaire] {title} ({speaker})"
        else:
            text = (f"Dear all,\n\nthe next seminar is on Thursday at 2 pm in room 204:\n\n  {title}\n  {speaker}\n\n"
                    "Coffee from 1:45 pm.\n\nTo leave this list, answer with the subject \"stop\".")
            subject = f"[séminaire] {title} ({speaker})"
        yield ("Lists/Séminaire", 3.6 + 7 * number, SEMINAR, [SEMINAR], subject, text, None, [],
               {"charset": "iso-8859-1" if number % 3 == 1 else "utf-8", "list": "seminaire.lists.univ.example.edu"})


def alarms():
    for number in range(20):
        link, day = LINKS[number % len(LINKS)], 0.9 + number * 2.3
        down = f"{3 + number * 7 % 55} s"
        yield ("Lists/Monitoring", day, MONITOR, [MONITOR], f"[lab-monitor] DOWN: {link}",
               f"state:   DOWN\nlink:    {link}\nsince:   {number % 24:02d}:{number * 7 % 60:02d} UTC\nnext try in 60 s", None, [],
               {"extra": ["X-Priority: 1", "Auto-Submitted: auto-generated"]})
        yield ("Lists/Monitoring", day - 0.02, MONITOR, [MONITOR], f"[lab-monitor] UP: {link} (was down for {down})",
               f"state:   UP\nlink:    {link}\ndown:    {down}", None, [], {"extra": ["Auto-Submitted: auto-generated"]})


def commits():
    for number, title in enumerate(PATCHES):
        who = (ALICE, BOB, CAROL)[number % 3]
        area = title.split(":")[0]
        text = (f"commit {(0x9e3779b97f4a7c15 * (number + 1)) % 2**64:016x}\nAuthor: {who[0]} <{who[1]}>\n\n    {title}\n\n"
                f" src/{area}.c | {number * 5 % 40 + 2} +++++---\n 1 file changed\n\ndiff --git a/src/{area}.c b/src/{area}.c\n"
                f"@@ -{number * 11 + 10},3 +{number * 11 + 10},4 @@\n   if (packet == NULL)\n-    return;\n+    return -1;\n+\n")
        yield ("Lists/Commits", 0.6 + number * 1.9, COMMITS, [COMMITS], f"[mesh] {title}", text, None, [],
               {"list": "commits.lab.example.test"})


def menus():
    for number in range(14):
        one, other = MENUS[number % len(MENUS)], MENUS[(number + 2) % len(MENUS)]
        rows = "".join(f"<tr><td>{day}</td><td>{dish}</td><td>{green}</td></tr>" for day, (dish, green) in
                       zip(("Lundi", "Mardi", "Jeudi", "Vendredi"), (one, other, one[::-1], other[::-1])))
        yield ("INBOX", 2.9 + 7 * number, CANTEEN, [ALICE], f"Menu de la semaine {47 - number}",
               f"Lundi : {one[0]} ou {one[1]}\nMardi : {other[0]} ou {other[1]}\n\nBon appétit !",
               page("Menu de la semaine", f"<table>{rows}</table>", "Se désabonner ? Répondez à ce message.", number), [], {})


def tickets():
    for number, (start, end, leaves, arrives) in enumerate(TRIPS):
        code = f"{(number + 3) * 7919 % 46656:05X}"
        who = BOB if end == "Turin" or start == "Turin" else ALICE
        yield ("Travel", 8.2 + 13 * number, TRAINS, [who], f"Votre billet {start} – {end} ({code})",
               f"{start} {leaves} → {end} {arrives}\nVoiture {number + 3}, place {number * 13 % 80 + 1}\nDossier {code}",
               page(f"{start} → {end}", f"<p><b>{leaves}</b> {start}<br><b>{arrives}</b> {end}</p>", f"Dossier {code}", number),
               [f"billet-{code}.pdf"], {})


def orders():
    for number, what in enumerate(ORDERS):
        yield ("Receipts", 6.6 + 9 * number, SHOP, [ALICE if number % 2 else BOB], f"Commande {2026100 + number} expédiée",
               f"Bonjour,\n\nVotre commande est partie :\n\n  {what}\n\nMontant : {number * 37 % 190 + 12},90 €", None,
               [f"facture-{2026100 + number}.pdf"], {"charset": "windows-1252"})


def newsletters():
    for number, title in enumerate(NEWS):
        body = "".join(f"<p>{sentence}</p>" for sentence in (
            f"<b>{title}.</b> This week in networks: fewer packets, better ones.",
            '<a href="https://packets-weekly.example.com/read">Read on</a>, or do not: we cannot tell, we hope.',
            "In numbers: 3 outages, 2 apologies, 1 song about DNS."))
        text = None if number % 3 == 0 else f"{title}\n\nRead on: https://packets-weekly.example.com/read"
        yield ("INBOX" if number < 4 else "Archive", 1.8 + 7 * number, PAPERS, [ALICE, BOB][number % 2:][:1],
               f"Packets Weekly: {title}", text, page(title, body, "You get this because you asked.", number), [], {})


def loans():
    for number, title in enumerate(BOOKS):
        yield ("INBOX", 10.7 + 14 * number, LIBRARY, [ALICE], f"Rappel : « {title} » à rendre",
               f"Madame,\n\nLe prêt de « {title} » se termine dans trois jours. Vous pouvez le prolonger une fois.\n\n"
               "La bibliothèque", None, [], {"charset": "iso-8859-1"})


def returned_work():
    for number in range(20):
        student = STUDENTS[number % len(STUDENTS)]
        lab = number // len(STUDENTS) + 1
        name = student[0].split()[-1]
        yield ("Teaching", 15.1 + (3 - number // len(STUDENTS)) * 14 + number % 5 * 0.13, student, [ALICE],
               f"TP{lab} - rendu {name}", f"Bonjour Madame,\n\nVeuillez trouver ci-joint mon compte rendu du TP{lab}.\n\n{student[0]}",
               None, [f"tp{lab}-{name}.zip" if number % 2 else f"tp{lab}-{name}.pdf"],
               {"charset": "iso-8859-1" if number % 2 else "utf-8"})


def junk():
    for number, subject in enumerate(JUNK):
        sender = (f"Prize office {number}", f"win{number}@offers.example.net")
        yield ("Junk", 0.8 + 5 * number, sender, [ALICE if number % 3 else BOB], subject,
               "Click now. You know you want to." if number % 2 else None,
               page(subject, '<p><a href="http://203.0.113.7/login">http://bank.example.com/</a></p>', "no way out", number), [], {})


def team():
    words = ["Clés du local technique", "Whiteboard markers", "Réunion déplacée à 15 h", "Coffee machine rota", "Sauvegardes ce soir",
             "Fire drill on Monday", "Nouvelle arrivante : bienvenue Carol", "Spare SFP modules?", "Inventaire du matériel",
             "Lab closed on Friday"]
    for number, subject in enumerate(words):
        french = any(ord(c) > 127 for c in subject) or "ce soir" in subject or "local" in subject
        text = ("Bonjour,\n\nTout est dans le sujet. Merci de répondre avant vendredi.\n\nBob" if french else
                "Hello,\n\nthe subject says it all. Please answer before Friday.\n\nBob")
        yield ("Lists/Équipe", 2.4 + number * 6.3, BOB if number % 2 else CAROL, [TEAM], f"[équipe] {subject}",
               text.replace("Bob", "Bob" if number % 2 else "Carol"), None, [], {"list": "equipe-reseaux.lists.univ.example.edu"})


def regular():
    for source in (seminars, alarms, commits, menus, tickets, orders, newsletters, loans, returned_work, junk, team):
        yield from source()
