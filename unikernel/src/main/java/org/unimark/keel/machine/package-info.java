// SPDX-License-Identifier: Apache-2.0
/**
 * The fence, ring 0: the only package that touches raw memory, ports, barriers, interrupts, the time-stamp counter
 * and {@code org.teavm.interop}. Every operation has a simulated twin here that runs under the same tests on a JVM.
 * May import nothing else of Keel.
 */
package org.unimark.keel.machine;
