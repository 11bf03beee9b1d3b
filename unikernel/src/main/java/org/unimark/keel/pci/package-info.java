// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 4: PCI functions: finding them, their capabilities, their memory windows and their message-signalled interrupts.
 * May import machine, memory and cpu.
 */
package org.unimark.keel.pci;
