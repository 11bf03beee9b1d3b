// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

/** What two servers must agree on after a command. */
enum Comparison {
    /** Every byte. */
    EXACT,
    /** The elements, in any order. */
    UNORDERED,
    /** Pairs, in any order. */
    PAIRS,
    /** The shape of a random choice; where what was chosen is gone, the key is then deleted on both. */
    RANDOM,
    /** What a whole iteration returns, in any order. */
    SCAN,
    /** The whole numbers, up to two. */
    TIME
}
