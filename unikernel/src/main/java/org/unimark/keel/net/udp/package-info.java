// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: UDP (RFC 768, RFC 1122 4.1). May import net.wire, net.device, net.ipv4, kernel and buffer.
 */
package org.unimark.keel.net.udp;
