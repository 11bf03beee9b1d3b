// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: a DHCP client (RFC 2131). May import net.wire, net.udp, kernel and buffer.
 */
package org.unimark.keel.net.dhcp;
