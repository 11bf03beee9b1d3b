// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.arp;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.ethernet.EthernetLink;
import org.unimark.keel.net.wire.ArpView;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.Ipv4Address;

/**
 * Resolves addresses of this link. An entry that works is never overwritten on hearsay: who claims a known address is
 * answered by asking the station that had it, and believed only if that one is silent.
 */
public final class ArpEngine implements EthernetLink.ArpReceiver {
    /**
     * Frames that wait for one address: as many as the longest datagram has pieces. The oldest is dropped (RFC 1122, 2.3.2.2
     * asks for at least the latest).
     */
    static final int MAXIMUM_WAITING_PER_NEIGHBOR = 12;
    /** Frames that wait for all addresses together. */
    static final int MAXIMUM_WAITING = 48;

    static final int MAXIMUM_ATTEMPTS = 3;
    static final long SECOND_NANOS = 1_000_000_000L;
    /** Between requests for the same address (RFC 1122, 2.3.2.1). */
    static final long RETRY_NANOS = SECOND_NANOS;
    /** The same while another station claims the address. */
    static final long DOUBTED_RETRY_NANOS = SECOND_NANOS / 4;
    /** RFC 4861, 10: on average; each entry draws between half and one and a half times that. */
    static final long REACHABLE_NANOS = 30 * SECOND_NANOS;
    /** RFC 4861, 10. */
    static final long DELAY_NANOS = 5 * SECOND_NANOS;
    /** An unused entry is forgotten after this. */
    static final long STALE_NANOS = 600 * SECOND_NANOS;
    /** Frames to an address that did not answer are dropped at once for so long. */
    static final long FAILED_NANOS = 3 * SECOND_NANOS;

    private final EthernetLink link;
    private final Timers timers;
    private final RandomSource random;
    private final ArpCounters counters;
    private final NeighborCache cache;
    private final AddressDefence defence;
    private int address;
    private int mask;
    private int waiting;

    public ArpEngine(EthernetLink link, Timers timers, RandomSource random, Counters counters) {
        this.link = link;
        this.timers = timers;
        this.random = random;
        this.counters = new ArpCounters(counters);
        cache = new NeighborCache(this, random.nextLong());
        defence = new AddressDefence(this, timers);
    }

    /** Answers for {@code address} from now on, announces it, and forgets all neighbours; 0 for none. */
    public void setAddress(int address, int prefixLength, long nowNanos) {
        for (Neighbor neighbor = cache.any(); neighbor != null; neighbor = cache.any()) {
            forget(neighbor);
        }
        this.address = address;
        mask = Ipv4Address.mask(prefixLength);
        defence.begin(address, nowNanos);
    }

    /** Tells the link where our address is: it may be another link than before. */
    public void announceAgain(long nowNanos) {
        defence.begin(address, nowNanos);
    }

    /** Who is told that another station uses our address. */
    public void onConflict(ConflictListener listener) {
        defence.onConflict(listener);
    }

    /** Hears of other stations that use our address. */
    public interface ConflictListener {
        void addressConflict(long otherHardware, long nowNanos);
    }

    /** Returns the entry of an address of this link, which may still have to be resolved; null (counted) if none is free. */
    public Neighbor neighbor(int nextHop, long nowNanos) {
        Neighbor neighbor = cache.find(nextHop);
        return neighbor != null ? neighbor : create(nextHop, true, nowNanos);
    }

    /**
     * Sends an IPv4 packet to {@code neighbor}, or keeps it until the address is resolved.
     *
     * @return false if the device's queue is full: the caller keeps the frame. A frame that is dropped for good counts as
     *     taken.
     */
    public boolean send(TransmitFrame frame, Neighbor neighbor, long nowNanos) {
        neighbor.usedNanos = nowNanos;
        if (neighbor.isDirect) {
            return link.transmit(frame, neighbor.hardware, EthernetView.TYPE_IPV4);
        }
        return sendWithThought(frame, neighbor, nowNanos);
    }

    private boolean sendWithThought(TransmitFrame frame, Neighbor neighbor, long nowNanos) {
        switch (neighbor.state) {
            case STALE:
                enter(neighbor, Neighbor.State.DELAY, nowNanos + DELAY_NANOS);
                return link.transmit(frame, neighbor.hardware, EthernetView.TYPE_IPV4);
            case INCOMPLETE:
                await(frame, neighbor);
                return true;
            case FREE:
                beginResolution(neighbor, nowNanos);
                await(frame, neighbor);
                return true;
            default:
                counters.unresolved.increment();
                frame.completed();
                return true;
        }
    }

    private void await(TransmitFrame frame, Neighbor neighbor) {
        if (neighbor.waiting() == MAXIMUM_WAITING_PER_NEIGHBOR) {
            counters.waitingDropped.increment();
            waiting--;
            neighbor.dequeue().completed();
        }
        if (waiting == MAXIMUM_WAITING) {
            counters.waitingDropped.increment();
            frame.completed();
            return;
        }
        waiting++;
        neighbor.enqueue(frame);
    }

    /** Makes room if needed: hearsay displaces only what nobody uses, our own wishes also what never answered. */
    private Neighbor create(int nextHop, boolean isWanted, long nowNanos) {
        Neighbor neighbor = cache.add(nextHop);
        if (neighbor == null) {
            Neighbor victim =
                    cache.oldest(Neighbor.State.STALE, isWanted ? Neighbor.State.FAILED : Neighbor.State.STALE);
            if (victim == null && isWanted) {
                victim = cache.oldest(Neighbor.State.INCOMPLETE, Neighbor.State.REACHABLE);
            }
            if (victim == null) {
                counters.cacheFull.increment();
                return null;
            }
            forget(victim);
            neighbor = cache.add(nextHop);
        }
        neighbor.usedNanos = nowNanos;
        return neighbor;
    }

    private void forget(Neighbor neighbor) {
        dropWaiting(neighbor);
        timers.cancel(neighbor);
        neighbor.state = Neighbor.State.FREE;
        neighbor.isDirect = false;
        cache.remove(neighbor);
    }

    private void dropWaiting(Neighbor neighbor) {
        for (TransmitFrame frame = neighbor.dequeue(); frame != null; frame = neighbor.dequeue()) {
            waiting--;
            counters.unresolved.increment();
            frame.completed();
        }
    }

    private void enter(Neighbor neighbor, Neighbor.State state, long deadlineNanos) {
        neighbor.state = state;
        neighbor.isDirect =
                state == Neighbor.State.REACHABLE || state == Neighbor.State.DELAY || state == Neighbor.State.PROBE;
        timers.schedule(neighbor, deadlineNanos);
    }

    private void beginResolution(Neighbor neighbor, long nowNanos) {
        neighbor.attempts = 0;
        enter(neighbor, Neighbor.State.INCOMPLETE, nowNanos + RETRY_NANOS);
        ask(neighbor, EthernetView.BROADCAST);
    }

    private void beginProbing(Neighbor neighbor, boolean isDoubted, long nowNanos) {
        neighbor.attempts = 0;
        neighbor.isDoubted = isDoubted;
        enter(neighbor, Neighbor.State.PROBE, nowNanos + (isDoubted ? DOUBTED_RETRY_NANOS : RETRY_NANOS));
        ask(neighbor, neighbor.hardware);
    }

    private void ask(Neighbor neighbor, long destination) {
        neighbor.attempts++;
        counters.requestsSent.increment();
        emit(ArpView.REQUEST, address, 0, neighbor.address, destination);
    }

    /** Sends a packet about us to {@code destination}; allocates nothing, since sending a segment may lead here. */
    void emit(int operation, int senderProtocol, long targetHardware, int targetProtocol, long destination) {
        TransmitFrame frame = link.take();
        if (frame == null) {
            return;
        }
        long mac = link.macAddress();
        int at = frame.headStart + EthernetView.HEADER_BYTES;
        ArpView.put(frame.head, at, operation, mac, senderProtocol, targetHardware, targetProtocol);
        frame.headLength = EthernetView.HEADER_BYTES + ArpView.PACKET_BYTES;
        if (!link.transmit(frame, destination, EthernetView.TYPE_ARP)) {
            frame.completed();
        }
    }

    /** Called by the neighbour's timer. */
    void expired(Neighbor neighbor, long nowNanos) {
        switch (neighbor.state) {
            case FREE:
                break;
            case INCOMPLETE:
                retryOrFail(neighbor, nowNanos);
                break;
            case REACHABLE:
                enter(neighbor, Neighbor.State.STALE, nowNanos + STALE_NANOS);
                break;
            case DELAY:
                beginProbing(neighbor, false, nowNanos);
                break;
            case PROBE:
                probeAgainOrResolve(neighbor, nowNanos);
                break;
            case STALE:
            case FAILED:
                forget(neighbor);
                break;
        }
    }

    private void retryOrFail(Neighbor neighbor, long nowNanos) {
        if (neighbor.attempts < MAXIMUM_ATTEMPTS) {
            timers.schedule(neighbor, nowNanos + RETRY_NANOS);
            ask(neighbor, EthernetView.BROADCAST);
        } else {
            dropWaiting(neighbor);
            enter(neighbor, Neighbor.State.FAILED, nowNanos + FAILED_NANOS);
        }
    }

    private void probeAgainOrResolve(Neighbor neighbor, long nowNanos) {
        if (neighbor.attempts < MAXIMUM_ATTEMPTS) {
            timers.schedule(neighbor, nowNanos + (neighbor.isDoubted ? DOUBTED_RETRY_NANOS : RETRY_NANOS));
            ask(neighbor, neighbor.hardware);
        } else {
            beginResolution(neighbor, nowNanos);
        }
    }

    @Override
    public void receiveArp(Bytes bytes, int at, int length, long sender, long nowNanos) {
        if (!ArpView.check(bytes, at, length)) {
            counters.malformed.increment();
            return;
        }
        long hardware = ArpView.senderHardware(bytes, at);
        int protocol = ArpView.senderProtocol(bytes, at);
        if (!isPlausible(hardware, protocol, sender)) {
            counters.implausible.increment();
            return;
        }
        if (address == 0) {
            return;
        }
        if (protocol == address) {
            counters.conflicts.increment();
            defence.conflict(hardware, nowNanos);
            return;
        }
        boolean isForUs = ArpView.targetProtocol(bytes, at) == address;
        boolean isReply = ArpView.operation(bytes, at) == ArpView.REPLY;
        if (protocol != Ipv4Address.UNSPECIFIED) {
            learn(protocol, hardware, isForUs, isReply, nowNanos);
        }
        if (isForUs && !isReply) {
            counters.repliesSent.increment();
            emit(ArpView.REPLY, address, hardware, protocol, hardware);
        }
    }

    /** One station, the one that sent the frame, another than us, with an address of this link (0 in probes). */
    private boolean isPlausible(long hardware, int protocol, long sender) {
        return hardware == sender
                && hardware != 0
                && hardware != link.macAddress()
                && !EthernetView.isGroup(hardware)
                && (protocol == Ipv4Address.UNSPECIFIED
                        || Ipv4Address.isUnicast(protocol) && ((protocol ^ address) & mask) == 0);
    }

    private void learn(int protocol, long hardware, boolean isForUs, boolean isReply, long nowNanos) {
        Neighbor neighbor = cache.find(protocol);
        if (neighbor == null) {
            // A station that asks for us is about to be answered: RFC 826 merges it. Others do not concern us.
            if (isForUs && !isReply) {
                neighbor = create(protocol, false, nowNanos);
                if (neighbor != null) {
                    neighbor.hardware = hardware;
                    enter(neighbor, Neighbor.State.STALE, nowNanos + STALE_NANOS);
                }
            }
            return;
        }
        switch (neighbor.state) {
            case FREE:
            case INCOMPLETE:
            case FAILED:
                if (isForUs) {
                    resolved(neighbor, hardware, isReply, nowNanos);
                }
                break;
            default:
                confirmOrDoubt(neighbor, hardware, isForUs && isReply, nowNanos);
        }
    }

    private void confirmOrDoubt(Neighbor neighbor, long hardware, boolean isAnswer, long nowNanos) {
        if (neighbor.hardware == hardware) {
            if (isAnswer && neighbor.state == Neighbor.State.PROBE) {
                enter(neighbor, Neighbor.State.REACHABLE, nowNanos + reachableNanos());
            }
        } else {
            counters.doubted.increment();
            if (neighbor.state != Neighbor.State.PROBE) {
                beginProbing(neighbor, true, nowNanos);
            }
        }
    }

    private void resolved(Neighbor neighbor, long hardware, boolean isReply, long nowNanos) {
        neighbor.hardware = hardware;
        if (isReply) {
            enter(neighbor, Neighbor.State.REACHABLE, nowNanos + reachableNanos());
        } else {
            enter(neighbor, Neighbor.State.STALE, nowNanos + STALE_NANOS);
        }
        for (TransmitFrame frame = neighbor.dequeue(); frame != null; frame = neighbor.dequeue()) {
            waiting--;
            if (!send(frame, neighbor, nowNanos)) {
                counters.waitingDropped.increment();
                frame.completed();
            }
        }
    }

    private long reachableNanos() {
        return REACHABLE_NANOS / 2 + (random.nextLong() >>> 1) % REACHABLE_NANOS;
    }

    int address() {
        return address;
    }

    /** Entries in use, for metrics and tests. */
    public int neighbors() {
        return cache.size();
    }
}
