// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/** Without a log. */
final class NoEffects extends Effects {
    @Override
    boolean isOn() {
        return false;
    }

    @Override
    boolean mayExpire() {
        return true;
    }

    @Override
    void instead() {}

    @Override
    void begin(int words) {}

    @Override
    void text(String word) {}

    @Override
    void bytes(Bytes source, int at, int length) {}

    @Override
    void number(long value) {}

    @Override
    void end() {}

    @Override
    void deleted(int database, Bytes key, int at, int length) {}
}
