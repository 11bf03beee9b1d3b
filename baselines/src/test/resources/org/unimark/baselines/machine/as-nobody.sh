#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# In a mount namespace of its own: makes a machine on which an ordinary user may use /dev/net/tun and read the class
# path, and runs Java with "$@" as such a user. Usage: as-nobody.sh WORK CACHE CLASSPATH ARGUMENT...
set -e
work=$1
cache=$2
original=$3
shift 3

mkdir "$work/cache" "$work/classes"
for part in packages announce guests counter; do
    cp -r "$cache/$part" "$work/cache"
done
# The original may lie below a home directory that is closed to others.
CLASSPATH=
number=0
old_separators=$IFS
IFS=:
for entry in $original; do
    if [ -e "$entry" ]; then
        number=$((number + 1))
        cp -r "$entry" "$work/classes/$number"
        CLASSPATH=$CLASSPATH:$work/classes/$number
    fi
done
IFS=$old_separators
chown -R 65534:65534 "$work"

mount -t tmpfs -o mode=755,dev tmpfs /dev/net
mknod -m 666 /dev/net/tun c 10 200

export CLASSPATH UNIMARK_CACHE="$work/cache"
exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all java "$@"
