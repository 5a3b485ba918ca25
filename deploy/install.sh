#!/bin/sh
# install.sh PYTHON VENV_PYTHON LIST: what make does to fill the virtual environment, with checked hashes.
set -eu
python=$1 inside=$2 list=$3

if "$inside" -m pip --version >/dev/null 2>&1; then
    pip="$inside -m pip"
elif "$python" -m pip --python "$inside" --version >/dev/null 2>&1; then
    pip="$python -m pip --python $inside"
elif "$inside" -m ensurepip >/dev/null 2>&1; then # a pip from before 22.3 cannot reach into another environment
    pip="$inside -m pip"
else
    echo "这里的 pip 太旧。请先安装：apt install python3-venv" >&2
    echo "The pip here is too old. Install python3-venv first." >&2
    exit 1
fi

echo "正在安装 $list，第一次要几分钟 Installing $list: some minutes the first time"
if ! $pip install --no-input --require-hashes -r "$list"; then
    echo "没有装完，原因在上面几行。网络通了、磁盘有空间了，再运行一次，会接着装。" >&2
    echo "The installation is not complete; the lines above say why. Run it again to go on." >&2
    exit 1
fi
