#!/bin/bash
# Install the Debian packages of scripts/packages.txt that are missing, and nothing else.
#   scripts/install-packages.sh build run     what `make demo` needs
#   scripts/install-packages.sh test          everything
# Silent when nothing is missing. No service is started on the way: nginx is wanted as a program.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || { echo "usage: $0 build|run|test …" >&2; exit 2; }
tags=" $* "
case $tags in *" test "*) tags=" build run test " ;; esac

# what is there, under its own name or provided by another package (npm by some nodejs packages)
present=" $(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides},\n' |
    awk '$1 == "installed" { gsub(/\([^)]*\)/, ""); gsub(/[ ,]+/, " "); sub(/^installed/, ""); printf "%s ", $0 }') "
missing=()
while read -r name tag _; do
    case $name in '' | '#'*) continue ;; esac
    case $tags in *" $tag "*) ;; *) continue ;; esac
    case $present in *" $name "*) ;; *) missing+=("$name") ;; esac
done <scripts/packages.txt
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "These packages are missing; install them as root: apt-get install ${missing[*]}" >&2
        exit 1
    }
    root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"

# 101 = "do not start it"; only while this runs, and only if nobody else has a say there
policy=/usr/sbin/policy-rc.d
log=$(mktemp)
made_policy=
tidy() {
    [ -z "$made_policy" ] || "${root[@]}" rm -f "$policy"
    rm -f "$log"
}
trap tidy EXIT
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
    made_policy=yes
fi

apt() {
    "${root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
        apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1
}
# the lists of a bare machine are empty; one source that does not answer need not stop us
apt update || echo "apt-get update had a complaint; going on with the lists at hand" >&2
if ! apt install -y --no-install-recommends "${missing[@]}"; then
    tail -n 20 "$log" >&2
    echo "The packages could not be installed." >&2
    exit 1
fi

# nor shall nginx start at the next boot because of us
case " ${missing[*]} " in
*" nginx-light "*)
    if [ -d /run/systemd/system ]; then "${root[@]}" systemctl disable --quiet nginx 2>/dev/null || true; fi
    ;;
esac
