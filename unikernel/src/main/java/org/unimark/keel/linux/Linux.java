// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.LinuxCalls;

/** Numbers of the kernel's interface on x86-64 (asm/unistd_64.h, asm-generic/errno.h and others), and what all use. */
final class Linux {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int OPEN = 2;
    static final int CLOSE = 3;
    static final int LSEEK = 8;
    static final int MMAP = 9;
    static final int MUNMAP = 11;
    static final int RT_SIGPROCMASK = 14;
    static final int IOCTL = 16;
    static final int PREAD64 = 17;
    static final int PWRITE64 = 18;
    static final int WRITEV = 20;
    static final int SOCKET = 41;
    static final int CONNECT = 42;
    static final int SHUTDOWN = 48;
    static final int BIND = 49;
    static final int LISTEN = 50;
    static final int GETSOCKNAME = 51;
    static final int SETSOCKOPT = 54;
    static final int GETSOCKOPT = 55;
    static final int FDATASYNC = 75;
    static final int SYSINFO = 99;
    static final int EXIT_GROUP = 231;
    static final int EPOLL_WAIT = 232;
    static final int EPOLL_CTL = 233;
    static final int ACCEPT4 = 288;
    static final int SIGNALFD4 = 289;
    static final int EPOLL_CREATE1 = 291;
    static final int PRLIMIT64 = 302;
    static final int GETRANDOM = 318;

    static final long EINTR = -4;
    static final long EAGAIN = -11;
    static final long ENFILE = -23;
    static final long EMFILE = -24;
    static final long EPIPE = -32;
    static final long ECONNABORTED = -103;
    static final long ECONNRESET = -104;
    static final long ENOBUFS = -105;
    static final long ETIMEDOUT = -110;
    static final long ECONNREFUSED = -111;
    static final long EHOSTUNREACH = -113;
    static final long EINPROGRESS = -115;
    static final long ENOMEM = -12;

    static final int CLOCK_REALTIME = 0;
    static final int CLOCK_MONOTONIC = 1;

    static final int STANDARD_ERROR = 2;

    static final int SIGINT = 2;
    static final int SIGPIPE = 13;
    static final int SIGTERM = 15;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int PAGE_BYTES = 4096;
    private static final int SYSINFO_FREE = 40;
    private static final int SYSINFO_UNIT = 104;

    private Linux() {}

    /** Zeroed memory of whole pages, for the life of the process. Ends the process if there is none. */
    static Bytes allocate(int bytes) {
        long address = LinuxCalls.call(MMAP, 0, Math.max(bytes, 1), PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (address < 0 && address > -PAGE_BYTES) {
            fail("out of memory");
        }
        return new Bytes(address, bytes);
    }

    /** Memory that nobody uses now (struct sysinfo: freeram in units of mem_unit bytes). */
    static long availableBytes() {
        Bytes information = allocate(PAGE_BYTES);
        long result = LinuxCalls.call(SYSINFO, address(information));
        long available = information.i64Little(SYSINFO_FREE) * information.i32Little(SYSINFO_UNIT);
        LinuxCalls.call(MUNMAP, address(information), PAGE_BYTES);
        return result == 0 ? available : 0;
    }

    /** The address of the first byte, to hand to the kernel; the view must not be empty. */
    static long address(Bytes bytes) {
        return bytes.address(0, 1);
    }

    /** Opens a file by its name of ASCII characters: a descriptor, or an error number negated. */
    static long open(String path, int flags) {
        Bytes name = allocate(path.length() + 1);
        name.putAscii(0, path);
        long descriptor = LinuxCalls.call(OPEN, address(name), flags, 0);
        LinuxCalls.call(MUNMAP, address(name), path.length() + 1);
        return descriptor;
    }

    static void fail(String message) {
        throw new IllegalStateException(message);
    }
}
