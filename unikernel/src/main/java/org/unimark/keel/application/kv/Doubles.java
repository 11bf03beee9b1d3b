// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** Doubles as Redis writes them. */
@Rare
final class Doubles {
    static final int TEXT_BYTES = FloatText.LONGEST;

    private final Bytes text;
    private final FloatText floats = new FloatText();

    Doubles(Bytes text) {
        this.text = text;
    }

    /** Reads and adds floats. */
    FloatText floats() {
        return floats;
    }

    /** What was formatted last. */
    Bytes text() {
        return text;
    }

    /** Formats with up to 17 significant digits, as {@code %.17g} does, and returns the length. */
    int format(double value) {
        return floats.format(value, text, 0);
    }
}
