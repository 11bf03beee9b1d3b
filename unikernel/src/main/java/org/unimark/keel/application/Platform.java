// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.storage.Storage;

/** What an application gets from below, the same on an image, on Linux and on a JVM. */
public interface Platform {
    Network network();

    Timers timers();

    Clock clock();

    Counters counters();

    RandomSource random();

    Log log();

    /** Allocates zeroed memory outside the garbage-collected heap, for the life of the system; fails by panic. */
    Bytes allocate(int bytes);

    /**
     * The same with arbitrary content, for memory that its owner writes before anybody reads it: what is never used costs the
     * host nothing, and boot no time.
     */
    Bytes allocateUncleared(int bytes);

    /** Bytes that {@link #allocate} can still give out. */
    long availableBytes();

    /** The disk, or null if there is none. A disk that cannot be used ends the system with its reason before this. */
    Storage storage();

    /** A file sealed into the image at build time, or null; never changes, so {@code writeConstant} may send it. */
    Bytes resource(String name);

    /** Asks {@code poller}, too, in each turn of the event loop, after callbacks of the network. There is one at most. */
    void setPoller(Poller poller);

    /**
     * Serves the network once, for work that lasts longer than a turn of the event loop and is not part of a callback of the
     * network: connections are called back before this returns, timers are not.
     */
    void serveNetwork();

    /** Ends the system: an image powers off, a process exits with {@code status}. */
    void exit(int status);

    /** Objects allocated on the garbage-collected heap since boot, in bytes; 0 on a JVM. */
    long heapAllocatedBytes();

    /** "image", "linux" or "jvm". */
    String name();
}
