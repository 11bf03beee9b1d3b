// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/** A text that is told twice: first only to learn its length, then into a reply. */
@Rare
final class Text {
    private final Reply reply;
    private final Bytes digits;
    private boolean counts;
    private int length;

    /** @param digits {@link Numbers#LONGEST} bytes */
    Text(Reply reply, Bytes digits) {
        this.reply = reply;
        this.digits = digits;
    }

    void beginCounting() {
        counts = true;
        length = 0;
    }

    /** Ends counting: what is added from now on goes into a reply that has the counted length. */
    void beginReply() {
        counts = false;
        reply.verbatimHeader(length);
    }

    void endReply() {
        reply.endText();
    }

    Text add(String text) {
        if (counts) {
            length += text.length();
        } else {
            reply.raw(text);
        }
        return this;
    }

    Text add(long number) {
        if (counts) {
            length += Numbers.digits(number);
        } else {
            reply.raw(digits, 0, Numbers.format(number, digits, 0));
        }
        return this;
    }

    Text add(Bytes source, int at, int size) {
        if (counts) {
            length += size;
        } else {
            reply.raw(source, at, size);
        }
        return this;
    }

    /** {@code name:number} and a line end, as INFO writes them. */
    Text line(String name, long number) {
        return add(name).add(":").add(number).add("\r\n");
    }

    Text line(String name, String value) {
        return add(name).add(":").add(value).add("\r\n");
    }

    /** A number of 1/1000 with two decimals. */
    Text thousandths(String name, long value) {
        long hundredths = value / 10;
        return add(name)
                .add(":")
                .add(hundredths / 100)
                .add(hundredths % 100 < 10 ? ".0" : ".")
                .add(hundredths % 100)
                .add("\r\n");
    }

    /** An IPv4 address and a port. */
    Text address(int address, int port) {
        return add(address >>> 24)
                .add(".")
                .add(address >>> 16 & 0xff)
                .add(".")
                .add(address >>> 8 & 0xff)
                .add(".")
                .add(address & 0xff)
                .add(":")
                .add(port);
    }
}
