// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: ICMP (RFC 792, RFC 1122 3.2.2): answers echoes, reports failures within a rate, passes errors about our packets up.
 * May import net.wire, net.device, net.ipv4, kernel and buffer.
 */
package org.unimark.keel.net.icmp;
