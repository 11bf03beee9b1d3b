// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.LinuxCalls;

/** Non-blocking IPv4 sockets: the kernel's structures and options, in one place. */
final class Sockets {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x80800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_KEEPALIVE = 9;
    private static final int SO_LINGER = 13;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_KEEPIDLE = 4;
    private static final int SIOCOUTQ = 0x5411;
    private static final int SHUT_WR = 1;

    /** struct sockaddr_in: family (host order), port and address (network order), padding. */
    private static final int SOCKET_ADDRESS_BYTES = 16;

    private static final int PORT = 2;
    private static final int ADDRESS = 4;

    private final Bytes socketAddress = Linux.allocate(SOCKET_ADDRESS_BYTES);
    private final Bytes length = Linux.allocate(Long.BYTES);
    private final Bytes option = Linux.allocate(Long.BYTES);

    /** Returns a listening descriptor, or an error number negated. */
    long listen(int port, int backlog) {
        long descriptor = open();
        if (descriptor < 0) {
            return descriptor;
        }
        setOption((int) descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
        // Accepted connections inherit it, which saves a call for each of them.
        setOption((int) descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
        putAddress(0, port);
        long result = LinuxCalls.call(Linux.BIND, descriptor, Linux.address(socketAddress), SOCKET_ADDRESS_BYTES);
        if (result >= 0) {
            result = LinuxCalls.call(Linux.LISTEN, descriptor, backlog);
        }
        if (result < 0) {
            LinuxCalls.call(Linux.CLOSE, descriptor);
            return result;
        }
        return descriptor;
    }

    /** Returns a connected descriptor or an error number negated; the peer's name is then what the getters return. */
    long accept(int listener) {
        length.put64Little(0, SOCKET_ADDRESS_BYTES);
        return LinuxCalls.call(
                Linux.ACCEPT4, listener, Linux.address(socketAddress), Linux.address(length), SOCK_NONBLOCK_CLOEXEC);
    }

    int peerAddress() {
        return socketAddress.i32(ADDRESS);
    }

    int peerPort() {
        return socketAddress.u16(PORT);
    }

    long open() {
        return LinuxCalls.call(Linux.SOCKET, AF_INET, SOCK_STREAM | SOCK_NONBLOCK_CLOEXEC, 0);
    }

    /** Begins to connect; {@link Linux#EINPROGRESS} is the good answer. */
    long connect(int descriptor, int address, int port) {
        setOption(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
        putAddress(address, port);
        return LinuxCalls.call(Linux.CONNECT, descriptor, Linux.address(socketAddress), SOCKET_ADDRESS_BYTES);
    }

    int localPort(int descriptor) {
        length.put64Little(0, SOCKET_ADDRESS_BYTES);
        LinuxCalls.call(Linux.GETSOCKNAME, descriptor, Linux.address(socketAddress), Linux.address(length));
        return socketAddress.u16(PORT);
    }

    /** The error that happened to the socket, negated, or 0; asking forgets it. */
    long takeError(int descriptor) {
        length.put64Little(0, Integer.BYTES);
        option.put64Little(0, 0);
        LinuxCalls.call(
                Linux.GETSOCKOPT, descriptor, SOL_SOCKET, SO_ERROR, Linux.address(option), Linux.address(length));
        return -option.i32Little(0);
    }

    /** Bytes that the kernel holds because the peer has not acknowledged them. */
    int unacknowledged(int descriptor) {
        option.put64Little(0, 0);
        LinuxCalls.call(Linux.IOCTL, descriptor, SIOCOUTQ, Linux.address(option));
        return option.i32Little(0);
    }

    void setNoDelay(int descriptor, boolean noDelay) {
        setOption(descriptor, IPPROTO_TCP, TCP_NODELAY, noDelay ? 1 : 0);
    }

    void setKeepAlive(int descriptor, int idleSeconds) {
        setOption(descriptor, SOL_SOCKET, SO_KEEPALIVE, idleSeconds > 0 ? 1 : 0);
        if (idleSeconds > 0) {
            setOption(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, idleSeconds);
        }
    }

    /** Makes the coming close send RST instead of FIN. */
    void resetOnClose(int descriptor) {
        // struct linger: on, for 0 seconds.
        option.put64Little(0, 1);
        LinuxCalls.call(Linux.SETSOCKOPT, descriptor, SOL_SOCKET, SO_LINGER, Linux.address(option), Long.BYTES);
    }

    void finish(int descriptor) {
        LinuxCalls.call(Linux.SHUTDOWN, descriptor, SHUT_WR);
    }

    private void setOption(int descriptor, int level, int name, int value) {
        option.put64Little(0, value);
        LinuxCalls.call(Linux.SETSOCKOPT, descriptor, level, name, Linux.address(option), Integer.BYTES);
    }

    private void putAddress(int address, int port) {
        socketAddress.fill(0, SOCKET_ADDRESS_BYTES, 0);
        socketAddress.put16Little(0, AF_INET);
        socketAddress.put16(PORT, port);
        socketAddress.put32(ADDRESS, address);
    }
}
