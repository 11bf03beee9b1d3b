// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 3: event loop, timers, counters, console log, panic; no protocol, no device. May import buffer, memory, cpu.
 * Time is handed in: nobody above reads a clock.
 */
package org.unimark.keel.kernel;
