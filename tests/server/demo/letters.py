"""Conversations, each written out. A reply quotes what it answers when its text begins with ">".

(folder for the recipients, days before today, subject, options, [(sender, recipients, text, files)...])
"""
from people import (ADMIN, ALICE, AMINA, BOB, CAROL, CHLOE, CHOIR, CONFERENCE, EMMA, HELENE, IVAN, JEROME, LEO, LI, LUCAS, MAMAN,
                    SOFIA, TANAKA, TEAM, YANIS)

CONVERSATIONS = [
    ("INBOX", 0.3, "Compte rendu de mission", {"charset": "iso-8859-1"}, [
        (BOB, [ALICE], """Bonjour Alice,

Voici le compte rendu de la mission à Turin. La maquette à douze nœuds a tenu toute la semaine ; le relevé radar du dernier soir
est joint (le fichier GIF bouge, ouvre-le).

Trois points restent ouverts : la reprise après coupure, qui prend encore 4 s ; l'horloge du nœud 7, qui dérive ; et la
convention, que l'administration n'a toujours pas signée.

À demain,
Bob""", ["radar.gif", "mission.pdf"]),
        (ALICE, [BOB], """>Merci, c'est très clair. Pour le nœud 7 je parie sur le quartz : même lot que le nœud 3. J'en ai deux de rechange dans mon
bureau, passe les prendre.

Alice""", []),
        (BOB, [ALICE], """>Gagné : le quartz. Remplacé à l'instant, l'écart est retombé sous 2 ppm.

Bob""", []),
    ]),
    ("INBOX", 1.1, "TP4 : le trousseau", {}, [
        (HELENE, [TEAM], """Bonjour à tous,

Pour le TP4, chaque étudiant recevra un trousseau au format PKCS #12 et devra envoyer à son binôme un message signé, puis scellé.
Pouvez-vous vérifier que le sujet tient en deux heures ? Je le joins.

Hélène""", ["tp4-sujet.pdf"]),
        (ALICE, [TEAM], """>J'ai fait le sujet en 1 h 40, en lisant tout. La question 5 (pourquoi le sujet du message reste-t-il lisible ?) mérite un
dessin.

Alice""", []),
        (BOB, [TEAM], """>D'accord avec Alice. J'ajouterais une question sur ce que voit quelqu'un qui écoute le réseau pendant l'envoi.

Bob""", []),
        (HELENE, [TEAM], """>Parfait, j'ajoute les deux. Nouvelle version demain.

Hélène""", []),
    ]),
    ("INBOX", 2.2, "Mesh routing: numbers from last night", {"flowed": True}, [
        (CAROL, [ALICE, BOB], """Hi both,

I left the 48-node run going over night. Median convergence after a link failure is 310 ms, the 99th percentile 1.9 s. That is
with the old timers. Table attached; the picture shows the distribution.

The outliers are all on node 31. Either it is really slow or its log is lying about time.

Carol""", ["convergence.csv", "histogram.png"]),
        (ALICE, [CAROL, BOB], """>Node 31 runs the kernel with full preemption tracing, I forgot to turn it off on Tuesday. Sorry! Please rerun without it before we
put any number into the paper.""", []),
        (CAROL, [ALICE, BOB], """>Reran: 99th percentile is 780 ms now. Much nicer.""", []),
        (BOB, [ALICE, CAROL], """>So the 1.9 s in the abstract goes away. I will change figure 3 and send the draft to Sofia this afternoon.""", []),
        (ALICE, [CAROL, BOB], """>Thanks. And let us keep the raw logs of both runs, reviewers ask for that.""", []),
    ]),
    ("INBOX", 3.4, "Re-signing the lab certificates", {}, [
        (ADMIN, [ALICE], """Dear colleague,

The certificates of the machines below expire within 30 days and will be issued anew by the lab authority. Please answer with the
fingerprint of the request that you create on each machine, in a signed message.

  mesh-01.lab.example.test    SHA-256  4f:9a:..:21
  mesh-02.lab.example.test    SHA-256  b1:07:..:9c

Regards,
IT support""", []),
        (ALICE, [ADMIN], """>Done for both machines; the requests are attached.

Alice Martin""", ["mesh-01.csr", "mesh-02.csr"]),
        (ADMIN, [ALICE], """>Thank you. The new certificates are attached; they are valid for one year.""", ["mesh-01.pem"]),
    ]),
    ("INBOX", 4.0, "Dimanche", {"charset": "iso-8859-1"}, [
        (MAMAN, [ALICE], """Ma chérie,

Tu viens bien dimanche ? Ton frère apporte le dessert, et ton père a promis de ne pas parler du jardin. Prends le train de 10 h 12,
on viendra te chercher à la gare.

Bises,
Maman""", []),
        (ALICE, [MAMAN], """>Je serai dans le train de 10 h 12 ! J'apporte le fromage.

Bises,
Alice""", []),
        (LEO, [ALICE], """>Le dessert c'est moi, donc achète aussi un dessert, au cas où.

Léo""", []),
    ]),
    ("INBOX", 5.2, "実験データの件", {"charset": "iso-2022-jp"}, [
        (TANAKA, [ALICE], """マルタン様

お世話になっております。先週お送りいただいた実験データを確認いたしました。
ノード三十一の時刻だけ約二秒ずれているようです。ご確認をお願いいたします。

田中健一""", []),
        (ALICE, [TANAKA], """Dear Tanaka-san,

Thank you for looking so closely: node 31 was traced while it ran. A new data set without tracing is on its way.

Best regards,
Alice""", []),
        (TANAKA, [ALICE], """マルタン様

新しいデータを受け取りました。問題ありません。ありがとうございました。

田中健一""", []),
    ]),
    ("INBOX", 6.1, "关于联合实验的安排", {"charset": "gb18030"}, [
        (LI, [ALICE, BOB], """Martin 老师、Durand 老师：

你们好！下个月的联合实验安排如下：第一周搭建网络，第二周测量，第三周整理报告。
请确认时间是否合适。附件是设备清单。

李小明""", ["设备清单.csv"]),
        (BOB, [LI, ALICE], """Dear Xiaoming,

The three weeks suit us. We bring twelve nodes and need mains for all of them.

Bob""", []),
    ]),
    ("INBOX", 7.5, "Вопрос по протоколу", {"charset": "koi8-r"}, [
        (IVAN, [ALICE], """Здравствуйте, Алиса!

Я читаю ваш отчёт о маршрутизации и не понимаю, почему таймер на узле 7 вдвое длиннее. Это ошибка или так задумано?

С уважением,
Иван Петров""", []),
        (ALICE, [IVAN], """Dear Ivan,

A good question: the timer of node 7 was doubled because its clock drifted. The text should have said so, and will.

Alice""", []),
        (IVAN, [ALICE], """Спасибо за ответ! Теперь всё понятно.

Иван""", []),
    ]),
    ("INBOX", 8.3, "Relecture du chapitre 3", {"charset": "iso-8859-1"}, [
        (JEROME, [ALICE], """Salut Alice,

J'ai relu le chapitre 3. C'est solide. Deux remarques : la figure 3.2 est illisible en noir et blanc, et la preuve du lemme 4
suppose un graphe connexe sans le dire.

Jérôme""", ["chapitre3-annoté.pdf"]),
        (ALICE, [JEROME], """>Merci Jérôme ! Pour le lemme : tu as raison, l'hypothèse s'est perdue à la réécriture. La figure passe en hachures.""", []),
        (JEROME, [ALICE], """>Alors pour moi c'est bon. À quand la soutenance ?""", []),
        (ALICE, [JEROME], """>En décembre, si les rapporteurs suivent. Tu es invité, évidemment.""", []),
    ]),
    ("INBOX", 9.0, "Turin: travel and hotel", {}, [
        (SOFIA, [BOB, ALICE], """Dear Bob, dear Alice,

I booked rooms for you from Monday to Saturday, five minutes from the lab. The night train arrives at 7:24; I will wait at platform
12 with coffee.

The address, for the taxi: Corso Duca degli Abruzzi 24.

See you soon,
Sofia""", []),
        (BOB, [SOFIA, ALICE], """>Wonderful, thank you! Only one change: Alice stays here, so one room is enough.

Bob""", []),
        (SOFIA, [BOB, ALICE], """>Changed. Alice, next time!""", []),
    ]),
    ("INBOX", 12.4, "[NetSys 2026] Your submission #148", {}, [
        (CONFERENCE, [ALICE, BOB, CAROL], """Dear authors,

we are pleased to tell you that your paper

  #148 "Who said so? Signed routing updates in small meshes"

has been accepted for NetSys 2026. The reviews are below. The camera-ready version is due in three weeks.

  Review 1: accept. Clear problem, honest evaluation. Figure 3 needs larger labels.
  Review 2: weak accept. I would have liked a comparison with 48 nodes.
  Review 3: accept.

The program committee""", []),
        (CAROL, [ALICE, BOB], """>We are in! Review 2 gets the 48 nodes it wishes for.""", []),
        (ALICE, [BOB, CAROL], """>Wonderful. Cake at four in the lab.""", []),
        (BOB, [ALICE, CAROL], """>I bring the candles. And the larger labels.""", []),
    ]),
    ("INBOX", 14.2, "Répétition de mardi", {"charset": "iso-8859-1"}, [
        (CHOIR, [ALICE], """Chers choristes,

Mardi, répétition à 20 h à la salle des fêtes (et non à l'école). Apportez la partition du Fauré ; les altos travailleront le
« Libera me » à part.

Le bureau""", []),
    ]),
    ("INBOX", 16.8, "Panne de l'imprimante 🖨️ (résolue ✅)", {}, [
        (ADMIN, [TEAM], """Bonjour,

L'imprimante du deuxième étage est réparée 🎉. La cause : un trombone. Merci de ne plus imprimer de trombones.

Le service informatique""", []),
        (BOB, [TEAM], """>😇""", []),
    ]),
    ("INBOX", 18.5, "Question about lab 2", {}, [
        (EMMA, [ALICE], """Hello Ms Martin,

in exercise 3 of lab 2 my capture shows STARTTLS, but the server's certificate is for another name. Should the client go on?

Emma Schröder""", ["capture.txt"]),
        (ALICE, [EMMA], """>Hello Emma,

no: a certificate for another name proves nothing about this server. The client should stop and say so. Good that you looked!

Alice Martin""", []),
        (EMMA, [ALICE], """>Thank you! Then my client is wrong and I know what to write in the report.""", []),
    ]),
    ("INBOX", 21.0, "Absence la semaine prochaine", {}, [
        (LUCAS, [ALICE], """Bonjour Madame,

Je serai absent au TP de la semaine prochaine (tournoi universitaire d'escrime). Puis-je le rattraper avec l'autre groupe ?

Lucas Moreau""", ["convocation.pdf"]),
        (ALICE, [LUCAS], """>Bonjour Lucas,

Oui, venez le jeudi à 14 h. Et bonne chance !

Alice Martin""", []),
    ]),
    ("INBOX", 25.3, "Room 204 on Thursday?", {}, [
        (CAROL, [ALICE, BOB], """Does anyone need room 204 on Thursday afternoon? I would like to measure without people walking through the beams.""", []),
        (BOB, [CAROL, ALICE], """>All yours.""", []),
        (ALICE, [CAROL, BOB], """>Same here. Put a note on the door, last time the cleaning crew won.""", []),
    ]),
    ("INBOX", 29.9, "Photos de la randonnée", {}, [
        (LEO, [ALICE, MAMAN], """Voilà les photos du week-end, en petit. La vue du col est la dernière.

Léo""", ["col.png", "lac.png", "cabane.png"]),
        (MAMAN, [ALICE, LEO], """>Qu'elles sont belles ! Mais pourquoi n'avez-vous pas de bonnet ?""", []),
    ]),
    ("Projects/Mesh", 31.0, "Design note: who may announce a route", {"flowed": True}, [
        (BOB, [ALICE, CAROL], """I wrote down what we said on the whiteboard:

1. A node signs every announcement with its own key.
2. A neighbour forwards it unchanged and adds nothing that is not signed.
3. An announcement older than 30 s is dropped.

What did I forget?

Bob""", ["announce.h", "0001-mesh-sign-announcements.patch"]),
        (CAROL, [ALICE, BOB], """>Clock skew. With 3. a node whose clock is 31 s late hears nobody.""", []),
        (ALICE, [BOB, CAROL], """>Sequence numbers instead of times, then? A node that restarts would have to remember its last one.""", []),
        (BOB, [ALICE, CAROL], """>It has 4 kB of flash that survives. Enough for one number.""", []),
        (CAROL, [ALICE, BOB], """>Agreed. I will change the simulator.""", []),
        (ALICE, [BOB, CAROL], """>And I the text. Thank you both, this is better than what we had.""", []),
    ]),
    ("Projects/Mesh", 40.2, "Node order", {}, [
        (ALICE, [BOB, CAROL], """We need eight more nodes for the spring. Same board, or the new one with the better radio?""", []),
        (BOB, [ALICE, CAROL], """>The new one. Its driver is in the mainline kernel, and I am tired of patches.""", []),
        (CAROL, [ALICE, BOB], """>New one. The quote is attached.""", ["quote.pdf"]),
    ]),
    ("Teaching", 44.0, "Notes du TP3", {}, [
        (ALICE, [HELENE], """Bonjour Hélène,

Les notes du TP3 sont jointes. Moyenne 13,2 ; deux copies identiques à l'octet près, je les reçois jeudi.

Alice""", ["tp3-notes.csv"]),
        (HELENE, [ALICE], """>Merci. Identiques à l'octet près : au moins la transmission fonctionne.""", []),
    ]),
    ("Teaching", 47.6, "Projet : choix du sujet", {}, [
        (AMINA, [ALICE], """Bonjour Madame,

Avec Yanis nous aimerions faire le projet sur la détection des boucles de routage. Est-ce un bon sujet pour six semaines ?

Amina Haddad""", []),
        (ALICE, [AMINA, YANIS], """>Très bon sujet, à condition de le restreindre à un protocole. Passez me voir lundi, nous ferons un plan.""", []),
        (YANIS, [ALICE, AMINA], """>Merci Madame, nous viendrons lundi à 9 h.""", []),
    ]),
    ("Teaching", 52.1, "Soutenance de stage", {"charset": "iso-8859-1"}, [
        (CHLOE, [ALICE, HELENE], """Bonjour,

Mon mémoire de stage est prêt, vous le trouverez en pièce jointe avec les mesures. La soutenance est prévue le 12 à 10 h.

Bien cordialement,
Chloé Petit""", ["mémoire-de-stage.pdf", "mesures.zip"]),
        (HELENE, [CHLOE, ALICE], """>Bien reçu. J'ai lu l'introduction avec plaisir.""", []),
    ]),
    ("Archive", 61.0, "Bike in the stairwell", {}, [
        (ADMIN, [TEAM], """A blue bicycle blocks the emergency exit of building C. Please take it away until Friday; after that the workshop will.""", []),
        (CAROL, [TEAM], """>It is mine, sorry. Gone.""", []),
    ]),
    ("Archive", 68.4, "Anniversaire de Léo", {}, [
        (MAMAN, [ALICE], """Que penses-tu d'un télescope pour ton frère ? Le vendeur parle d'une ouverture de 114 mm, est-ce assez ?""", []),
        (ALICE, [MAMAN], """>C'est très bien pour commencer : la Lune, Jupiter, Saturne. Je participe !""", []),
    ]),
    ("Archive", 75.7, "Old switch, free to a good home", {}, [
        (JEROME, [TEAM], """24 ports, 100 Mbit/s, a fan like a small aircraft. Free for whoever carries it down.""", []),
        (ALICE, [TEAM], """>Taken, for the practical class. The students should hear a network once.""", []),
    ]),
    ("Archive", 90.3, "Erreur de facturation", {}, [
        (ALICE, [ADMIN], """Bonjour,

La facture 2026-0417 mentionne douze boîtiers, nous en avons reçu dix. Pouvez-vous faire corriger ?

Alice Martin""", ["facture-2026-0417.pdf"]),
        (ADMIN, [ALICE], """>C'est corrigé, un avoir vous parviendra.""", []),
    ]),
]

# Questions of students and the answers they got: (student, subject, question, answer)
QUESTIONS = [
    (AMINA, "Port 587 ou 465 ?", "le serveur offre les deux, lequel choisir pour le TP ?", "Les deux conviennent : 465 chiffre dès le premier octet."),
    (LUCAS, "Capture vide", "ma capture ne montre rien, pas même le ping.", "Vous écoutez sur lo ; prenez eth0."),
    (EMMA, "Base64 or encryption?", "is a base64 body a form of encryption?", "No: anybody can decode it. It only survives the transport."),
    (YANIS, "Ordre des en-têtes", "les champs Received se lisent-ils de haut en bas ?", "De bas en haut : chaque serveur ajoute le sien au-dessus."),
    (CHLOE, "IDLE et NAT", "pourquoi la connexion IDLE tombe-t-elle après 30 minutes ?", "Le routeur oublie la traduction ; renouvelez avant 29 minutes."),
    (AMINA, "Accent dans le sujet", "mon sujet s'affiche « Ã©t&eacute; », que faire ?", "Déclarez le jeu de caractères, une seule fois."),
    (LUCAS, "Certificat expiré", "puis-je ignorer l'alerte, c'est le serveur de l'école ?", "Non. Signalez-le, et attendez le nouveau certificat."),
    (EMMA, "Which RFC?", "which RFC describes folder names with accents?", "RFC 3501, section 5.1.3; newer servers can also do UTF-8."),
    (YANIS, "Point seul sur une ligne", "un point seul a coupé mon message, est-ce normal ?", "Oui, c'est la fin de DATA. Doublez le point au début d'une ligne."),
    (CHLOE, "CRLF", "le serveur refuse mes lignes, j'envoie pourtant LF.", "Justement : il faut CRLF."),
    (AMINA, "UID ou numéro ?", "quelle différence entre l'UID et le numéro du message ?", "Le numéro change quand on efface ; l'UID reste."),
    (LUCAS, "Copie cachée", "le champ Bcc doit-il être envoyé ?", "Non : à l'enveloppe seulement."),
    (EMMA, "Two signatures", "can one message carry two signatures?", "Yes, a SignedData has a set of signers. Try it!"),
    (YANIS, "Taille limite", "mon envoi de 60 Mo est refusé avant DATA, comment le serveur sait-il ?", "Par SIZE= dans MAIL FROM."),
    (CHLOE, "Boucle", "deux répondeurs automatiques se parlent depuis hier.", "Un classique. Arrêtez le vôtre, et lisez la RFC 3834."),
    (AMINA, "Horloge", "la signature est « dans le futur » sur ma machine.", "Votre horloge retarde de deux jours."),
    (LUCAS, "Deux From", "un message peut-il avoir deux auteurs ?", "Oui, mais alors avec Sender. Méfiez-vous-en quand même."),
    (EMMA, "Deleted but still there", "I deleted a message and it is still there, struck through.", "It is only marked. EXPUNGE removes it."),
]


def questions():
    """the same as conversations, two letters each"""
    for number, (student, subject, question, answer) in enumerate(QUESTIONS):
        hello, bye = ("Hello Ms Martin,", "Thank you,") if student is EMMA else ("Bonjour Madame,", "Merci d'avance,")
        yield ("Teaching", 16.4 + number * 2.7, subject, {"charset": "iso-8859-1" if number % 2 else "utf-8"}, [
            (student, [ALICE], f"{hello}\n\n{question}\n\n{bye}\n{student[0]}", []),
            (ALICE, [student], f">{answer}\n\nAlice Martin", [])])
