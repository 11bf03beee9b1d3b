// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.LinuxCalls;

/** An epoll instance, and the events of its last answer. */
final class EventSet {
    static final int IN = 1;
    static final int OUT = 4;
    static final int ERROR = 8;
    static final int HANG_UP = 0x10;
    static final int PEER_FINISHED = 0x2000;
    static final int EDGE = 1 << 31;

    private static final int CTL_ADD = 1;
    private static final int CTL_MODIFY = 3;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int BATCH = 256;
    /** struct epoll_event is packed on x86-64: events, then 64 bits of the caller's. */
    private static final int EVENT_BYTES = 12;

    private static final int DATA = 4;

    private final int descriptor;
    private final Bytes batch = Linux.allocate(BATCH * EVENT_BYTES);
    private final Bytes single = Linux.allocate(EVENT_BYTES);
    private int count;

    EventSet() {
        descriptor = (int) LinuxCalls.call(Linux.EPOLL_CREATE1, EPOLL_CLOEXEC);
        if (descriptor < 0) {
            Linux.fail("no epoll");
        }
    }

    boolean add(int watched, int events, long data) {
        return control(CTL_ADD, watched, events, data);
    }

    boolean modify(int watched, int events, long data) {
        return control(CTL_MODIFY, watched, events, data);
    }

    private boolean control(int operation, int watched, int events, long data) {
        single.put32Little(0, events);
        single.put64Little(DATA, data);
        return LinuxCalls.call(Linux.EPOLL_CTL, descriptor, operation, watched, Linux.address(single)) == 0;
    }

    /** Waits for events, at most {@code timeoutMillis}, and keeps them for the accessors below. */
    void await(int timeoutMillis) {
        long result = LinuxCalls.call(Linux.EPOLL_WAIT, descriptor, Linux.address(batch), BATCH, timeoutMillis);
        count = result > 0 ? (int) result : 0;
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    int events(int index) {
        return batch.i32Little(index * EVENT_BYTES);
    }

    long data(int index) {
        return batch.i64Little(index * EVENT_BYTES + DATA);
    }
}
