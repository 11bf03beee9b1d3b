// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 2: the formats of the packets. For every header a view (static methods over {@code Bytes}, checked once, for the
 * data path) and a record with the meaningful fields (emit and parse, for the rest). No state, no clock. May import buffer
 * only.
 */
package org.unimark.keel.net.wire;
