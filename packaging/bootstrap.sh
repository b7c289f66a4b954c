#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that fieldkit needs and that are missing. The second time it does nothing.
set -euo pipefail

packages=(
  # the window (Qt 6 on X11) and its fonts
  libegl1 libgl1 libopengl0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon-x11-0 libxcb-cursor0
  libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0
  fonts-inter fonts-dejavu-core
  # card readers: the service, a virtual reader for the demo and the tests, and a peer for the benchmark
  pcscd vsmartcard-vpcd pcsc-tools libpcsclite-dev swig gcc libc6-dev python3-dev python3-venv
  # a second opinion on codes in pictures
  libzbar0
  # a virtual screen with real key events
  xvfb xdotool x11-xkb-utils xkb-data
  # the registry's other database: the tests start servers of their own
  postgresql
  # the frozen build
  binutils
  # a peer of the benchmark
  sqlite3
)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  [ -z "${SKIP_BOOTSTRAP:-}" ] || exit 0
  echo "This is not Debian or Ubuntu: nothing was installed. fieldkit needs Python 3.11 or newer and, by their"
  echo "Debian names, what these packages bring (macOS and Windows have the window and card-reader parts already):"
  printf '  %s\n' "${packages[@]}"
  echo "Install their like with your system's tools, then run the command again with SKIP_BOOTSTRAP=1."
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing, and neither root nor sudo is at hand. As root, run:"
    echo "  apt-get install ${missing[*]}"
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing system packages: ${missing[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
