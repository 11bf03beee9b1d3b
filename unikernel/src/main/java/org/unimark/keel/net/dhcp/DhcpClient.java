// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.dhcp;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.udp.DatagramHandler;
import org.unimark.keel.net.udp.UdpEngine;
import org.unimark.keel.net.udp.UdpSocket;
import org.unimark.keel.net.wire.DhcpMessage;
import org.unimark.keel.net.wire.DhcpOptions;
import org.unimark.keel.net.wire.Ipv4Address;

/** Gets an address and keeps it (RFC 2131, 4.4). Time comes in with every call; what it decides goes to a {@link Listener}. */
@Rare
public final class DhcpClient extends Timer implements DatagramHandler {
    /** Bytes of the buffer for messages on their way out. */
    public static final int BUFFER_BYTES = 576;

    /** Hears of leases. */
    public interface Listener {
        /** Use this from now on. Also called for a renewed lease that differs from the one before. */
        void leaseGranted(Lease lease, long nowNanos);

        /** Stop using the address. */
        void leaseLost(long nowNanos);
    }

    /** RFC 2131, figure 5; a host that boots fresh has no use for INIT-REBOOT and REBOOTING. */
    enum State {
        STOPPED,
        SELECTING,
        REQUESTING,
        BOUND,
        RENEWING,
        REBINDING,
        /** After a conflict or a refusal: waits before it begins anew. */
        WAITING
    }

    private static final long SECOND_NANOS = 1_000_000_000L;
    /** RFC 2131, 4.1 proposes 4 s for the first retransmission; a guest whose boot is measured asks sooner. */
    private static final long FIRST_RETRY_NANOS = SECOND_NANOS;

    private static final long LAST_RETRY_NANOS = 64 * SECOND_NANOS;
    /** Requests for an offered address before the search begins anew. */
    private static final int MAXIMUM_REQUESTS = 4;
    /** RFC 2131, 4.4.5. */
    private static final long SHORTEST_RENEWAL_RETRY_NANOS = 60 * SECOND_NANOS;
    /** Half of what is left of a long lease would be a long silence. */
    private static final long LONGEST_RENEWAL_RETRY_NANOS = 3600 * SECOND_NANOS;
    /** RFC 2131, 3.1, step 5. */
    private static final long WAIT_AFTER_CONFLICT_NANOS = 10 * SECOND_NANOS;
    /** A conflict within this time after the grant is the server's mistake: the address is declined. */
    private static final long CONFLICT_WINDOW_NANOS = 10 * SECOND_NANOS;

    private static final int ETHERNET = 1;
    private static final int LONGEST_MESSAGE_BYTES = 1472;
    private static final byte[] WANTED = {
        DhcpOptions.SUBNET_MASK,
        DhcpOptions.ROUTER,
        DhcpOptions.DOMAIN_NAME_SERVER,
        DhcpOptions.INTERFACE_MTU,
        DhcpOptions.LEASE_SECONDS,
        DhcpOptions.RENEWAL_SECONDS,
        DhcpOptions.REBINDING_SECONDS
    };

    private final UdpEngine udp;
    private final Timers timers;
    private final RandomSource random;
    private final Listener listener;
    private final long macAddress;
    private final String hostName;
    private final Bytes buffer;
    private final Counter messagesSent;
    private final Counter messagesReceived;
    private final Counter ignored;
    private final Counter leases;
    private final Counter leasesLost;

    private UdpSocket socket;
    private State state = State.STOPPED;
    private int transaction;
    private long begunNanos;
    private long retryNanos;
    private int attempts;
    /** Offered in REQUESTING, granted in BOUND and later; kept as a wish for the next search. */
    private Lease lease;
    /** When the latest request left. */
    private long requestedNanos;
    /** When the request left that was granted: the lease counts from there (RFC 2131, 4.4.1). */
    private long grantedNanos;
    /** When the address came into use. */
    private long boundNanos;

    /** A client that does nothing before {@link #start}; {@code buffer} has {@link #BUFFER_BYTES}. */
    public DhcpClient(
            UdpEngine udp,
            Timers timers,
            RandomSource random,
            Counters counters,
            Listener listener,
            long macAddress,
            String hostName,
            Bytes buffer) {
        this.udp = udp;
        this.timers = timers;
        this.random = random;
        this.listener = listener;
        this.macAddress = macAddress;
        this.hostName = hostName;
        this.buffer = buffer;
        messagesSent = counters.counter("dhcp.messages_sent");
        messagesReceived = counters.counter("dhcp.messages_received");
        ignored = counters.counter("dhcp.messages_ignored");
        leases = counters.counter("dhcp.leases_granted");
        leasesLost = counters.counter("dhcp.leases_lost");
    }

    /** Begins to look for a server. */
    public void start(long nowNanos) {
        if (socket == null) {
            socket = udp.bind(DhcpMessage.CLIENT_PORT, this);
        }
        begunNanos = nowNanos;
        discover(nowNanos);
    }

    private void discover(long nowNanos) {
        state = State.SELECTING;
        transaction = (int) random.nextLong();
        retryNanos = FIRST_RETRY_NANOS;
        sendDiscover(nowNanos);
    }

    private void sendDiscover(long nowNanos) {
        DhcpOptions options = newOptions(DhcpMessage.DISCOVER);
        if (lease != null) {
            options.addInt(DhcpOptions.REQUESTED_ADDRESS, lease.address());
        }
        send(options, 0, Ipv4Address.BROADCAST, nowNanos);
        timers.schedule(this, nowNanos + backOff());
    }

    private void sendRequest(long nowNanos) {
        DhcpOptions options = newOptions(DhcpMessage.REQUEST)
                .addInt(DhcpOptions.REQUESTED_ADDRESS, lease.address())
                .addInt(DhcpOptions.SERVER_IDENTIFIER, lease.server());
        requestedNanos = nowNanos;
        attempts++;
        send(options, 0, Ipv4Address.BROADCAST, nowNanos);
        timers.schedule(this, nowNanos + backOff());
    }

    /** Asks for more time: the server that granted it, or all (RFC 2131, 4.3.6 says which fields). */
    private void sendExtension(int destination, long untilNanos, long nowNanos) {
        requestedNanos = nowNanos;
        send(newOptions(DhcpMessage.REQUEST), lease.address(), destination, nowNanos);
        long pause = Math.max(SHORTEST_RENEWAL_RETRY_NANOS, (untilNanos - nowNanos) / 2);
        timers.schedule(this, Math.min(untilNanos, nowNanos + Math.min(pause, LONGEST_RENEWAL_RETRY_NANOS)));
    }

    /** The pause before the next attempt: doubles, with up to a quarter more or less by chance. */
    private long backOff() {
        long pause = retryNanos;
        retryNanos = Math.min(LAST_RETRY_NANOS, retryNanos * 2);
        return pause - pause / 4 + (random.nextLong() >>> 1) % (pause / 2);
    }

    private DhcpOptions newOptions(int type) {
        DhcpOptions options = new DhcpOptions();
        options.add(DhcpOptions.MESSAGE_TYPE, (byte) type);
        byte[] identifier = new byte[7];
        identifier[0] = ETHERNET;
        for (int i = 0; i < 6; i++) {
            identifier[1 + i] = (byte) (macAddress >> 40 - 8 * i);
        }
        options.add(DhcpOptions.CLIENT_IDENTIFIER, identifier);
        if (type != DhcpMessage.DECLINE) {
            if (!hostName.isEmpty()) {
                options.addText(DhcpOptions.HOST_NAME, hostName);
            }
            options.addShort(DhcpOptions.MAXIMUM_MESSAGE_BYTES, LONGEST_MESSAGE_BYTES);
            options.add(DhcpOptions.PARAMETER_LIST, WANTED);
        }
        return options;
    }

    private void send(DhcpOptions options, int clientAddress, int destination, long nowNanos) {
        int seconds = (int) Math.min(0xffff, (nowNanos - begunNanos) / SECOND_NANOS);
        DhcpMessage message =
                new DhcpMessage(false, transaction, seconds, false, clientAddress, 0, 0, 0, macAddress, options);
        int length = message.emit(buffer, 0);
        messagesSent.increment();
        // What is lost here is lost like on the wire: the timer runs.
        socket.send(destination, DhcpMessage.SERVER_PORT, buffer, 0, length, nowNanos);
    }

    @Override
    public void received(UdpSocket socket, int address, int port, Bytes data, int offset, int length, long nowNanos) {
        messagesReceived.increment();
        DhcpMessage message = DhcpMessage.parse(data, offset, length);
        if (message == null
                || !message.isReply()
                || message.transaction() != transaction
                || message.clientHardware() != macAddress
                || !accept(message, nowNanos)) {
            ignored.increment();
        }
    }

    /** One step of the state machine; false if the message means nothing now. */
    private boolean accept(DhcpMessage message, long nowNanos) {
        switch (state) {
            case SELECTING:
                return message.type() == DhcpMessage.OFFER && onOffer(message, nowNanos);
            case REQUESTING:
            case RENEWING:
            case REBINDING:
                return onAnswer(message, nowNanos);
            case STOPPED:
            case BOUND:
            case WAITING:
                return false;
        }
        return false;
    }

    /** Takes the first offer that makes sense. */
    private boolean onOffer(DhcpMessage message, long nowNanos) {
        Lease offered = Lease.of(message);
        if (offered == null) {
            return false;
        }
        lease = offered;
        state = State.REQUESTING;
        attempts = 0;
        retryNanos = FIRST_RETRY_NANOS;
        sendRequest(nowNanos);
        return true;
    }

    private boolean onAnswer(DhcpMessage message, long nowNanos) {
        int server = message.options().getInt(DhcpOptions.SERVER_IDENTIFIER, 0);
        if (state != State.REBINDING && server != lease.server()) {
            return false;
        }
        if (message.type() == DhcpMessage.REFUSE) {
            onRefusal(nowNanos);
            return true;
        }
        Lease granted = message.type() == DhcpMessage.ACKNOWLEDGE ? Lease.of(message) : null;
        if (granted == null || granted.address() != lease.address()) {
            return false;
        }
        bind(granted, nowNanos);
        return true;
    }

    /** Begins anew; a server that offers what it then refuses is not asked again at the speed of the wire. */
    private void onRefusal(long nowNanos) {
        boolean wasOffered = state == State.REQUESTING;
        loseLease(nowNanos);
        lease = null;
        if (wasOffered) {
            pause(FIRST_RETRY_NANOS, nowNanos);
        } else {
            discover(nowNanos);
        }
    }

    private void pause(long nanos, long nowNanos) {
        state = State.WAITING;
        timers.schedule(this, nowNanos + nanos);
    }

    private void bind(Lease granted, long nowNanos) {
        boolean isNews = state == State.REQUESTING || !granted.equals(lease);
        if (state == State.REQUESTING) {
            boundNanos = nowNanos;
        }
        lease = granted;
        grantedNanos = requestedNanos;
        state = State.BOUND;
        leases.increment();
        if (granted.leaseNanos() == Lease.FOREVER) {
            timers.cancel(this);
        } else {
            timers.schedule(this, grantedNanos + granted.renewalNanos());
        }
        if (isNews) {
            listener.leaseGranted(granted, nowNanos);
        }
    }

    private void loseLease(long nowNanos) {
        if (state != State.REQUESTING) {
            leasesLost.increment();
            listener.leaseLost(nowNanos);
        }
    }

    @Override
    protected void expired(long nowNanos) {
        switch (state) {
            case STOPPED:
                break;
            case SELECTING:
                sendDiscover(nowNanos);
                break;
            case REQUESTING:
                if (attempts < MAXIMUM_REQUESTS) {
                    sendRequest(nowNanos);
                } else {
                    discover(nowNanos);
                }
                break;
            case WAITING:
                discover(nowNanos);
                break;
            case BOUND:
            case RENEWING:
            case REBINDING:
                extendOrLose(nowNanos);
                break;
        }
    }

    private void extendOrLose(long nowNanos) {
        long age = nowNanos - grantedNanos;
        if (age >= lease.leaseNanos()) {
            loseLease(nowNanos);
            discover(nowNanos);
        } else if (age >= lease.rebindingNanos()) {
            beginExtension(State.REBINDING, nowNanos);
            sendExtension(Ipv4Address.BROADCAST, grantedNanos + lease.leaseNanos(), nowNanos);
        } else {
            beginExtension(State.RENEWING, nowNanos);
            sendExtension(lease.server(), grantedNanos + lease.rebindingNanos(), nowNanos);
        }
    }

    private void beginExtension(State extending, long nowNanos) {
        if (state == State.BOUND) {
            transaction = (int) random.nextLong();
            begunNanos = nowNanos;
        }
        state = extending;
    }

    /** Another station uses the address (RFC 2131, 3.1, step 5); ours to report if we have only just got it. */
    public void addressConflict(long nowNanos) {
        boolean isBound = state == State.BOUND || state == State.RENEWING || state == State.REBINDING;
        if (!isBound || nowNanos - boundNanos > CONFLICT_WINDOW_NANOS) {
            return;
        }
        DhcpOptions options = newOptions(DhcpMessage.DECLINE)
                .addInt(DhcpOptions.REQUESTED_ADDRESS, lease.address())
                .addInt(DhcpOptions.SERVER_IDENTIFIER, lease.server());
        loseLease(nowNanos);
        send(options, 0, Ipv4Address.BROADCAST, nowNanos);
        lease = null;
        pause(WAIT_AFTER_CONFLICT_NANOS, nowNanos);
    }

    /** The cable is back, perhaps into another network: look again, and keep what we have until a server says no. */
    public void linkRestored(long nowNanos) {
        switch (state) {
            case BOUND:
            case RENEWING:
            case REBINDING:
                beginExtension(State.REBINDING, nowNanos);
                sendExtension(Ipv4Address.BROADCAST, grantedNanos + lease.leaseNanos(), nowNanos);
                break;
            case SELECTING:
            case REQUESTING:
                discover(nowNanos);
                break;
            case STOPPED:
            case WAITING:
                break;
        }
    }
}
