#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Inside fresh network, process and mount namespaces: boots a guest on a tap and talks to it.
#   network.sh SCENARIO ADDRESS DIRECTORY QEMU-ARGUMENT...
set -u
scenario=$1 address=$2 directory=$3
shift 3

fail() {
    echo "FAILURE $*"
    exit 1
}

ip link set lo up
ip tuntap add tap0 mode tap vnet_hdr || fail "cannot make a tap"
ip addr add 198.18.0.1/24 dev tap0
ip link set tap0 up
"$@" &
guest=$!

answers() {
    for _ in $(seq 200); do
        curl -s -m 1 -o /dev/null "http://$address/small.txt" && return
        kill -0 $guest 2>/dev/null || fail "the guest ended"
        read -rt 0.05 <> <(:)
    done
    fail "the guest does not answer"
}

ping_guest() {
    ping -q -n -c "$1" -i 0.02 -W 2 -s "$2" "$address" || fail "ping with $2 bytes"
}

# Every body is compared with the file that was compiled into the image.
fetch() {
    for _ in $(seq "$1"); do
        curl -s -S -m 60 -o "$directory/body" "http://$address/$2" || fail "curl $2"
        cmp "$directory/body" "$directory/site/$2" || fail "another $2"
    done
}

answers
case $scenario in
ping)
    ping_guest 50 56
    ping_guest 20 1472
    ping_guest 20 8000
    ;;
fetch)
    fetch 20 small.txt
    fetch 3 large.bin
    ;;
parallel)
    curl -s -S -m 120 --parallel --parallel-max 8 $(for i in $(seq 16); do
        echo "-o $directory/body$i http://$address/large.bin"
    done) || fail "parallel"
    for i in $(seq 16); do
        cmp "$directory/body$i" "$directory/site/large.bin" || fail "another body $i"
    done
    ;;
netem)
    for spoil in "loss 2%" "delay 10ms 3ms" "delay 5ms reorder 25% 50%" "duplicate 5%" "corrupt 1%" \
        "loss 1% delay 5ms 1ms duplicate 2%"; do
        # shellcheck disable=SC2086
        tc qdisc replace dev tap0 root netem $spoil || fail "no netem"
        fetch 3 large.bin
        echo "passed netem $spoil"
    done
    ;;
*)
    fail "no scenario $scenario"
    ;;
esac
curl -s -m 5 "http://$address/metrics"
kill $guest
wait $guest
echo SUCCESS
