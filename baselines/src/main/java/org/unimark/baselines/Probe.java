// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

/** A question that only a system which works answers correctly, whatever its protocol. Has no state. */
public interface Probe {
    /** What the bytes that were received so far are. */
    enum Verdict {
        /** The beginning of an answer. */
        PARTIAL,
        CORRECT,
        WRONG
    }

    /** All that is sent, as soon as there is a connection. */
    byte[] request();

    /** Judges the first {@code length} bytes of {@code received}: everything that came since the connection was made. */
    Verdict judge(byte[] received, int length);

    /** A probe whose only correct answer is {@code answer}. */
    static Probe exact(byte[] request, byte[] answer) {
        return new Probe() {
            @Override
            public byte[] request() {
                return request.clone();
            }

            @Override
            public Verdict judge(byte[] received, int length) {
                for (int i = 0; i < length; i++) {
                    if (i >= answer.length || received[i] != answer[i]) {
                        return Verdict.WRONG;
                    }
                }
                return length == answer.length ? Verdict.CORRECT : Verdict.PARTIAL;
            }
        };
    }
}
