// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import java.util.Arrays;
import org.unimark.keel.buffer.Bytes;

/** The options of a DHCP message (RFC 2132), each at most once; pieces of a long one are joined (RFC 3396). */
public final class DhcpOptions {
    public static final int SUBNET_MASK = 1;
    public static final int ROUTER = 3;
    public static final int DOMAIN_NAME_SERVER = 6;
    public static final int HOST_NAME = 12;
    public static final int DOMAIN_NAME = 15;
    public static final int INTERFACE_MTU = 26;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_SECONDS = 51;
    public static final int OVERLOAD = 52;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_IDENTIFIER = 54;
    public static final int PARAMETER_LIST = 55;
    public static final int MESSAGE = 56;
    public static final int MAXIMUM_MESSAGE_BYTES = 57;
    public static final int RENEWAL_SECONDS = 58;
    public static final int REBINDING_SECONDS = 59;
    public static final int CLIENT_IDENTIFIER = 61;

    private static final int PAD = 0;
    private static final int END = 255;
    private static final int MAXIMUM_OPTIONS = 64;
    private static final int LONGEST_PIECE = 255;

    private final int[] codes = new int[MAXIMUM_OPTIONS];
    private final byte[][] values = new byte[MAXIMUM_OPTIONS][];
    private int options;

    /** Adds an option, or appends to one that is there; false if there is no room for more. */
    public boolean add(int code, byte... value) {
        int index = indexOf(code);
        if (index >= 0) {
            int joint = values[index].length;
            byte[] joined = Arrays.copyOf(values[index], joint + value.length);
            System.arraycopy(value, 0, joined, joint, value.length);
            values[index] = joined;
            return true;
        }
        if (options == MAXIMUM_OPTIONS) {
            return false;
        }
        codes[options] = code;
        values[options++] = value;
        return true;
    }

    public DhcpOptions addInt(int code, int value) {
        add(code, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value);
        return this;
    }

    public DhcpOptions addShort(int code, int value) {
        add(code, (byte) (value >> 8), (byte) value);
        return this;
    }

    public DhcpOptions addText(int code, String ascii) {
        byte[] value = new byte[ascii.length()];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) ascii.charAt(i);
        }
        add(code, value);
        return this;
    }

    private int indexOf(int code) {
        for (int i = 0; i < options; i++) {
            if (codes[i] == code) {
                return i;
            }
        }
        return -1;
    }

    public boolean has(int code) {
        return indexOf(code) >= 0;
    }

    /** The value as it is, or null. */
    public byte[] get(int code) {
        int index = indexOf(code);
        return index < 0 ? null : values[index];
    }

    /** The first four bytes of the value as a number or address; {@code otherwise} if there are none. */
    public int getInt(int code, int otherwise) {
        byte[] value = get(code);
        if (value == null || value.length < 4) {
            return otherwise;
        }
        return (value[0] & 0xff) << 24 | (value[1] & 0xff) << 16 | (value[2] & 0xff) << 8 | value[3] & 0xff;
    }

    /** A value of one or two bytes; {@code otherwise} if it is absent or longer. */
    public int getShort(int code, int otherwise) {
        byte[] value = get(code);
        if (value == null || value.length < 1 || value.length > 2) {
            return otherwise;
        }
        return value.length == 1 ? value[0] & 0xff : (value[0] & 0xff) << 8 | value[1] & 0xff;
    }

    /** Reads {@code bytes[at, end)} up to the end option; false if a length does not fit. */
    boolean parse(Bytes bytes, int at, int end) {
        int position = at;
        while (position < end) {
            int code = bytes.u8(position);
            if (code == END) {
                return true;
            }
            if (code == PAD) {
                position++;
                continue;
            }
            if (position + 2 > end || position + 2 + bytes.u8(position + 1) > end) {
                return false;
            }
            byte[] value = new byte[bytes.u8(position + 1)];
            bytes.copyTo(position + 2, value, 0, value.length);
            if (!add(code, value)) {
                return false;
            }
            position += 2 + value.length;
        }
        return true;
    }

    /** Writes all options and the end, and returns the position behind it. */
    int emit(Bytes bytes, int at) {
        int position = at;
        for (int i = 0; i < options; i++) {
            int written = 0;
            do {
                int piece = Math.min(LONGEST_PIECE, values[i].length - written);
                bytes.put8(position, codes[i]);
                bytes.put8(position + 1, piece);
                bytes.copyFrom(position + 2, values[i], written, piece);
                written += piece;
                position += 2 + piece;
            } while (written < values[i].length);
        }
        bytes.put8(position, END);
        return position + 1;
    }

    /** Equal options in equal order. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof DhcpOptions)) {
            return false;
        }
        DhcpOptions that = (DhcpOptions) other;
        if (options != that.options) {
            return false;
        }
        for (int i = 0; i < options; i++) {
            if (codes[i] != that.codes[i] || !Arrays.equals(values[i], that.values[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = options;
        for (int i = 0; i < options; i++) {
            hash = 31 * (31 * hash + codes[i]) + Arrays.hashCode(values[i]);
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < options; i++) {
            text.append(i == 0 ? "" : " ").append(codes[i]).append(':').append(Arrays.toString(values[i]));
        }
        return text.toString();
    }
}
