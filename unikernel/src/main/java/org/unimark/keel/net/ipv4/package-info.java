// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: IPv4 of a host on one link (RFC 791, RFC 1122): filters, reassembly, routes, loopback. May import net.wire,
 * net.device, net.ethernet, net.arp, kernel and buffer; the engines above implement its receivers.
 */
package org.unimark.keel.net.ipv4;
