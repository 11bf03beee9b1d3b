/**
 * Ring 2: interrupt controllers, timer, time-stamp clock and sleep. May import buffer, machine and memory. Nobody above
 * reads a clock: time is handed in.
 */
package org.unimark.keel.cpu;
