// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.icmp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.ipv4.ErrorReporter;
import org.unimark.keel.net.ipv4.Ipv4Interface;
import org.unimark.keel.net.ipv4.Ipv4Output;
import org.unimark.keel.net.ipv4.Ipv4Receiver;
import org.unimark.keel.net.wire.IcmpView;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.Ipv4Address;
import org.unimark.keel.net.wire.Ipv4View;

/** ICMP of a host. */
public final class IcmpEngine implements Ipv4Receiver, ErrorReporter {
    /** Error messages that leave in a second, and at once (RFC 1812, 4.3.2.8). */
    static final int ERRORS_PER_SECOND = 100;

    static final int ERRORS_AT_ONCE = 20;
    /** Echo replies that leave in a second, and at once. */
    static final int ECHOES_PER_SECOND = 5_000;

    static final int ECHOES_AT_ONCE = 500;

    /** What an error must quote of the failed packet behind its header (RFC 792). */
    private static final int QUOTED_BYTES = 8;

    private static final int MESSAGE = Ipv4Output.HEADROOM;
    private static final int QUOTE = MESSAGE + IcmpView.HEADER_BYTES;

    /** The word of type and code of a request, and what becomes of it in the reply. */
    private static final int REQUEST_WORD = IcmpView.ECHO_REQUEST << 8;

    private final Ipv4Output output;
    private final Ipv4Interface link;
    private final TransportErrors transports;
    private final RateLimiter errorRate = new RateLimiter(ERRORS_PER_SECOND, ERRORS_AT_ONCE);
    private final RateLimiter echoRate = new RateLimiter(ECHOES_PER_SECOND, ECHOES_AT_ONCE);
    private final Counter malformed;
    private final Counter ignored;
    private final Counter echoes;
    private final Counter limited;
    private final Counter errorsSent;
    private final Counter errorsReceived;

    public IcmpEngine(Ipv4Output output, Ipv4Interface link, TransportErrors transports, Counters counters) {
        this.output = output;
        this.link = link;
        this.transports = transports;
        malformed = counters.counter("icmp.dropped_malformed");
        ignored = counters.counter("icmp.ignored");
        echoes = counters.counter("icmp.echo_replies_sent");
        limited = counters.counter("icmp.rate_limited");
        errorsSent = counters.counter("icmp.errors_sent");
        errorsReceived = counters.counter("icmp.errors_received");
    }

    @Override
    public void receive(
            Block block,
            int header,
            int at,
            int length,
            int source,
            int destination,
            boolean checksumVerified,
            long nowNanos) {
        if (!IcmpView.check(block.bytes, at, length)) {
            malformed.increment();
            return;
        }
        switch (IcmpView.type(block.bytes, at)) {
            case IcmpView.ECHO_REQUEST:
                answer(block, at, length, source, destination, nowNanos);
                break;
            case IcmpView.DESTINATION_UNREACHABLE:
            case IcmpView.TIME_EXCEEDED:
            case IcmpView.PARAMETER_PROBLEM:
                errorsReceived.increment();
                takeError(block.bytes, at, length);
                break;
            default:
                ignored.increment();
        }
    }

    /** Turns the request into the reply where it lies: nobody else looks at the block. */
    private void answer(Block block, int at, int length, int source, int destination, long nowNanos) {
        // RFC 1122, 3.2.2.6 allows to ignore echoes to broadcasts, and who asks for them means no good.
        if (!link.isOwnAddress(destination)) {
            ignored.increment();
            return;
        }
        if (!echoRate.tryTake(nowNanos)) {
            limited.increment();
            return;
        }
        Bytes bytes = block.bytes;
        int checksum = InternetChecksum.update(IcmpView.checksum(bytes, at), REQUEST_WORD, 0);
        IcmpView.putReply(bytes, at, checksum);
        if (output.sendPayload(block, at, length, Ipv4View.PROTOCOL_ICMP, destination, source, nowNanos)) {
            echoes.increment();
        }
    }

    /** Believes an error only if it quotes a packet that we can have sent. */
    private void takeError(Bytes bytes, int at, int length) {
        int quote = at + IcmpView.HEADER_BYTES;
        int quoted = length - IcmpView.HEADER_BYTES;
        if (quoted < Ipv4View.HEADER_BYTES + QUOTED_BYTES || bytes.u8(quote) >> 4 != 4) {
            malformed.increment();
            return;
        }
        int headerLength = (bytes.u8(quote) & 0xf) << 2;
        if (headerLength < Ipv4View.HEADER_BYTES || headerLength + QUOTED_BYTES > quoted) {
            malformed.increment();
            return;
        }
        int source = Ipv4View.source(bytes, quote);
        boolean isFirst = (Ipv4View.fragment(bytes, quote) & Ipv4View.OFFSET_MASK) == 0;
        if (Ipv4View.protocol(bytes, quote) != Ipv4View.PROTOCOL_TCP || !link.isOwnAddress(source) || !isFirst) {
            ignored.increment();
            return;
        }
        int destination = Ipv4View.destination(bytes, quote);
        int ports = bytes.i32(quote + headerLength);
        int sequence = bytes.i32(quote + headerLength + 4);
        int type = IcmpView.type(bytes, at);
        int code = IcmpView.code(bytes, at);
        if (type == IcmpView.DESTINATION_UNREACHABLE && code == IcmpView.FRAGMENTATION_NEEDED) {
            transports.packetTooBig(source, destination, ports, sequence, IcmpView.nextMtu(bytes, at));
        } else {
            transports.unreachable(source, destination, ports, sequence, isHard(type, code));
        }
    }

    /** RFC 1122, 4.2.3.9, with the codes that RFC 1812 added. */
    private static boolean isHard(int type, int code) {
        return type == IcmpView.DESTINATION_UNREACHABLE
                && (code == IcmpView.PROTOCOL_UNREACHABLE
                        || code == IcmpView.PORT_UNREACHABLE
                        || code == IcmpView.ADMINISTRATIVELY_PROHIBITED);
    }

    @Override
    public void report(Block block, int header, int length, int type, int code, long nowNanos) {
        Bytes bytes = block.bytes;
        int headerLength = (bytes.u8(header) & 0xf) << 2;
        if (!mayReport(bytes, header, headerLength, length)) {
            ignored.increment();
            return;
        }
        if (!errorRate.tryTake(nowNanos)) {
            limited.increment();
            return;
        }
        TransmitFrame frame = output.take();
        if (frame == null) {
            return;
        }
        int room = frame.head.length() - frame.headStart - QUOTE;
        int quoted = Math.min(length, room);
        frame.head.copyFrom(frame.headStart + QUOTE, bytes, header, quoted);
        IcmpView.put(frame.head, frame.headStart + MESSAGE, type, code, 0, IcmpView.HEADER_BYTES + quoted);
        frame.headLength = QUOTE + quoted;
        int source = Ipv4View.destination(bytes, header);
        int destination = Ipv4View.source(bytes, header);
        if (output.send(frame, Ipv4View.PROTOCOL_ICMP, source, destination, nowNanos)) {
            errorsSent.increment();
        }
    }

    /** RFC 1122, 3.2.2: not about errors, not about broadcasts, not about later fragments. */
    private boolean mayReport(Bytes bytes, int header, int headerLength, int length) {
        if (!link.isOwnAddress(Ipv4View.destination(bytes, header))
                || !Ipv4Address.isUnicast(Ipv4View.source(bytes, header))
                || (Ipv4View.fragment(bytes, header) & Ipv4View.OFFSET_MASK) != 0) {
            return false;
        }
        if (Ipv4View.protocol(bytes, header) != Ipv4View.PROTOCOL_ICMP) {
            return true;
        }
        if (length <= headerLength) {
            return false;
        }
        int type = IcmpView.type(bytes, header + headerLength);
        return type == IcmpView.ECHO_REQUEST || type == IcmpView.ECHO_REPLY;
    }
}
