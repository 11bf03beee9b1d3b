// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.boot;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.unimark.keel.boot.Lines;

/**
 * A client that numbers its writes and remembers which were acknowledged, so that it can tell after a loss of power whether
 * the store is one that executed its writes in order, up to the last acknowledged one or a later one that it had sent.
 */
final class RememberingClient {
    /** Writes go around these keys, so that the log has something to compact. */
    private static final int SLOTS = 100;

    private static final int LONGEST_VALUE = 3000;
    private static final int DEEPEST_PIPELINE = 8;
    private static final int TIMEOUT_MILLIS = 60_000;

    private final int number;
    private final Random random;
    private long sent;
    private long acknowledged;
    private String refusal;

    RememberingClient(int number, long seed) {
        this.number = number;
        this.random = new Random(seed + number);
    }

    /** How many of its writes were acknowledged, over all its life. */
    long acknowledged() {
        return acknowledged;
    }

    /** What the server said instead of OK, or null. */
    String refusal() {
        return refusal;
    }

    /** Writes until the connection breaks or the server refuses a write. */
    void write(int port) {
        try (Socket socket = connect(port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (refusal == null) {
                int pipeline = 1 + random.nextInt(DEEPEST_PIPELINE);
                ByteArrayOutputStream requests = new ByteArrayOutputStream();
                long first = sent;
                for (int i = 0; i < pipeline; i++) {
                    append(requests, first + i);
                }
                // Before the bytes leave: afterwards the power may already be gone.
                sent += pipeline;
                socket.getOutputStream().write(requests.toByteArray());
                for (int i = 0; i < pipeline && refusal == null; i++) {
                    awaitAcknowledgment(in, first + i);
                }
            }
        } catch (IOException powerFailed) {
            // What was not acknowledged may be there or not.
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Every fourth write is a transaction that changes two keys alike. */
    private static boolean isTransaction(long write) {
        return write % 4 == 3;
    }

    private void append(ByteArrayOutputStream out, long write) {
        if (isTransaction(write)) {
            command(out, "MULTI");
            command(out, "SET", "left:" + number, Long.toString(write));
            command(out, "SET", "right:" + number, Long.toString(write));
            command(out, "EXEC");
        } else {
            command(out, "SET", key(write % SLOTS), value(write));
        }
    }

    private static void command(ByteArrayOutputStream out, String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        out.writeBytes(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private String key(long slot) {
        return "client:" + number + ":" + slot;
    }

    /** Begins with its number, so that it says what it is; the rest is noise that only this write has. */
    private String value(long write) {
        Random noise = new Random(write * 31 + number);
        StringBuilder text = new StringBuilder(write + ":");
        for (int length = noise.nextInt(LONGEST_VALUE); length > 0; length--) {
            text.append((char) ('a' + noise.nextInt(26)));
        }
        return text.toString();
    }

    private void awaitAcknowledgment(InputStream in, long write) throws IOException {
        String[] expected = isTransaction(write)
                ? new String[] {"+OK", "+QUEUED", "+QUEUED", "*2", "+OK", "+OK"}
                : new String[] {"+OK"};
        for (String line : expected) {
            String found = Lines.read(in);
            if (!found.equals(line)) {
                refusal = found;
                return;
            }
        }
        acknowledged = write + 1;
    }

    /**
     * Reads everything back; returns what is wrong, or null. Writes that were sent and found count as acknowledged from then
     * on, and the others as never sent.
     */
    String findFault(int port) throws IOException {
        long[] found = new long[SLOTS];
        long last = -1;
        try (Socket socket = connect(port)) {
            for (int slot = 0; slot < SLOTS; slot++) {
                String value = get(socket, key(slot));
                found[slot] = value == null ? -1 : Long.parseLong(value.substring(0, value.indexOf(':')));
                if (value != null && (found[slot] >= sent || !value.equals(value(found[slot])))) {
                    return key(slot) + " holds what was never written: " + value;
                }
                last = Math.max(last, found[slot]);
            }
            String left = get(socket, "left:" + number);
            String right = get(socket, "right:" + number);
            if (left == null ? right != null : !left.equals(right)) {
                return "half a transaction: " + left + " and " + right;
            }
            last = Math.max(last, left == null ? -1 : Long.parseLong(left));
            if (last + 1 < acknowledged) {
                return "write " + (acknowledged - 1) + " was acknowledged, and the last one there is " + last;
            }
            long lastPair = last - Math.floorMod(last - 3, 4);
            if (lastPair >= 3 && !Long.toString(lastPair).equals(left)) {
                return "write " + last + " is there, and transaction " + lastPair + " before it is not: " + left;
            }
        }
        long[] expected = new long[SLOTS];
        Arrays.fill(expected, -1);
        for (long write = Math.max(0, last - 2L * SLOTS); write <= last; write++) {
            if (!isTransaction(write)) {
                expected[(int) (write % SLOTS)] = write;
            }
        }
        sent = last + 1;
        acknowledged = last + 1;
        return Arrays.equals(found, expected)
                ? null
                : "up to write " + last + " there should be " + Arrays.toString(expected) + ", and there is "
                        + Arrays.toString(found);
    }

    private static String get(Socket socket, String key) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        command(request, "GET", key);
        socket.getOutputStream().write(request.toByteArray());
        String length = Lines.read(socket.getInputStream());
        if (!length.startsWith("$")) {
            throw new IOException("GET " + key + " is answered with " + length);
        }
        if (length.equals("$-1")) {
            return null;
        }
        byte[] value = socket.getInputStream().readNBytes(Integer.parseInt(length.substring(1)) + 2);
        return new String(value, 0, value.length - 2, StandardCharsets.US_ASCII);
    }
}
