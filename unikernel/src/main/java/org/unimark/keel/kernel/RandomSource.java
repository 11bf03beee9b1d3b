// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/** Unpredictable numbers for initial sequence numbers, ports and hash seeds; seeded and repeatable in tests. */
public interface RandomSource {
    long nextLong();
}
