// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: the TCP engine (RFC 9293) on top of a {@code SegmentSink} that it owns, so that it knows neither IP nor Ethernet.
 * Implements {@code net.socket}. May import buffer, kernel, net.wire, net.device and net.socket. Time is handed in; nothing
 * allocates once the pools have grown.
 */
package org.unimark.keel.net.tcp;
