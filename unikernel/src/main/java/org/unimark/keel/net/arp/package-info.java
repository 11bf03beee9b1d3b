// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: finds and watches the hardware addresses of neighbours (RFC 826; reachability in the manner of RFC 4861, 7.3), and
 * defends our own address (RFC 5227). May import net.wire, net.device, net.ethernet, kernel and buffer.
 */
package org.unimark.keel.net.arp;
