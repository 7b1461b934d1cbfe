#!/usr/bin/python3
"""A small window for harness_test.py: one named button, one without a name, a labelled entry; "Fail" logs a critical."""
import sys

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk

GLib.set_prgname("harness-window")
window = Gtk.Window(title="Harness")
box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
said = Gtk.Label(label="nothing yet")
for name in ("Say", None, "Fail", "Quit"):
    button = Gtk.Button()
    if name:
        button.get_accessible().set_name(name)
    button.add(Gtk.Image.new_from_icon_name("open-menu-symbolic", Gtk.IconSize.BUTTON))
    if name == "Say":
        button.connect("clicked", lambda _: said.set_text("said " + entry.get_text()))
    elif name == "Fail":
        button.connect("clicked", lambda _: print("(harness:1): Test-CRITICAL **: 00:00: on purpose", file=sys.stderr, flush=True))
    elif name == "Quit":
        button.connect("clicked", lambda _: Gtk.main_quit())
    box.add(button)
label = Gtk.Label(label="_Word", use_underline=True)
entry = Gtk.Entry()
label.set_mnemonic_widget(entry)
for child in (label, entry, said):
    box.add(child)
window.add(box)
window.connect("destroy", Gtk.main_quit)
window.show_all()
Gtk.main()
