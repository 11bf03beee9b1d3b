// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: frames in and out of one network card, told apart by type. May import net.wire, net.device, kernel and buffer;
 * the engines above implement its receivers.
 */
package org.unimark.keel.net.ethernet;
