#!/bin/sh
# What the operating system adds (Debian, Ubuntu). The house runs and its tests pass without; may be run again any time.
set -eu
packages="ffmpeg chromium postgresql redis-server fonts-noto-cjk gettext espeak-ng"

missing=""
for package in $packages; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -z "$missing" ]; then
    echo "系统软件都在了。 Everything is installed:" $packages
    exit 0
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "安装系统软件要用 root 或 sudo。 This needs root or sudo." >&2; exit 1; }
    as_root=sudo
fi
echo "正在安装 Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing
