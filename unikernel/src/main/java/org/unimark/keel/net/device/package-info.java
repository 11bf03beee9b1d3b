// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 2: what the stack wants of a network card, and decorators (tracing, faults, pcap) that fit any card. May import
 * buffer and kernel's counters. Drivers implement these interfaces; the stack owns them.
 */
package org.unimark.keel.net.device;
