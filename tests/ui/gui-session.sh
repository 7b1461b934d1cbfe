#!/bin/sh
# gui-session.sh CMD [ARG...]: runs CMD in a private X display, D-Bus session and AT-SPI with a HOME of its own.
# All that it starts ends with it. Environment for CMD: DISPLAY, DBUS_SESSION_BUS_ADDRESS, HOME, XDG_*, GUI_DIR.
# GUI_SIZE=1280x800x24   GUI_WM=openbox|none   GUI_KEYRING=1 (an unlocked secret service)   GUI_LOCALE=C.UTF-8
# GUI_DATA_DIRS: put before XDG_DATA_DIRS of the bus, for D-Bus activation and .desktop files
set -eu
: "${GUI_SIZE:=1280x800x24}" "${GUI_WM:=openbox}"
GUI_DIR=$(mktemp -d /tmp/cachet-gui.XXXXXX)
export GUI_DIR
pids=
cleanup() {
  trap - EXIT INT TERM HUP
  for pid in $pids; do kill "$pid" 2>/dev/null || :; done
  for pid in $pids; do wait "$pid" 2>/dev/null || :; done
  rm -rf "$GUI_DIR"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

export HOME="$GUI_DIR/home" XDG_RUNTIME_DIR="$GUI_DIR/run"
export XDG_CONFIG_HOME="$HOME/.config" XDG_DATA_HOME="$HOME/.local/share" XDG_CACHE_HOME="$HOME/.cache" \
  XDG_STATE_HOME="$HOME/.local/state"
mkdir -p "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
mkdir -m 700 "$XDG_RUNTIME_DIR"
# The keyfile backend keeps settings in this HOME over a restart of the program; the memory backend forgets them.
export LC_ALL="${GUI_LOCALE:-C.UTF-8}" TZ="${TZ:-UTC}" GSETTINGS_BACKEND="${GSETTINGS_BACKEND:-keyfile}" GIO_USE_VFS=local \
  GDK_BACKEND=x11 GTK_USE_PORTAL=0 GTK_THEME="${GTK_THEME:-Adwaita}" NO_AT_BRIDGE=0 LIBGL_ALWAYS_SOFTWARE=1
[ -z "${GUI_DATA_DIRS:-}" ] || export XDG_DATA_DIRS="$GUI_DATA_DIRS:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS GTK_MODULES XDG_CURRENT_DESKTOP || :

# The server picks a free display number and writes it down when it is ready.
mkfifo "$GUI_DIR/display"
Xvfb -displayfd 3 -screen 0 "$GUI_SIZE" -nolisten tcp -noreset 3>"$GUI_DIR/display" >"$GUI_DIR/xvfb.log" 2>&1 &
pids="$!"
read -r number <"$GUI_DIR/display"
export DISPLAY=":$number"

mkfifo "$GUI_DIR/bus"
dbus-daemon --session --nofork --nopidfile --address="unix:path=$XDG_RUNTIME_DIR/bus" --print-address=4 4>"$GUI_DIR/bus" \
  >"$GUI_DIR/dbus.log" 2>&1 &
pids="$pids $!"
read -r DBUS_SESSION_BUS_ADDRESS <"$GUI_DIR/bus"
export DBUS_SESSION_BUS_ADDRESS

# AT-SPI comes by D-Bus activation when it is asked for; ask now, and switch it on.
gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus --method org.freedesktop.DBus.Properties.Set \
  org.a11y.Status IsEnabled '<true>' >/dev/null

# A real secret service, unlocked; with a locked one a lookup would wait for a prompt that nobody sees.
if [ "${GUI_KEYRING:-0}" = 1 ]; then
  printf test >"$GUI_DIR/password"
  gnome-keyring-daemon --foreground --unlock --components=secrets <"$GUI_DIR/password" >"$GUI_DIR/keyring.log" 2>&1 &
  pids="$pids $!"
  gdbus wait --session --timeout 10 org.freedesktop.secrets
fi
if [ "$GUI_WM" != none ]; then
  "$GUI_WM" >"$GUI_DIR/wm.log" 2>&1 &
  pids="$pids $!"
fi

set +e
"$@"
code=$?
set -e
exit $code
