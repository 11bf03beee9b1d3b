// SPDX-License-Identifier: Apache-2.0
/** The Linux platform as a compiled program, talked to through real sockets on the loopback interface. */
package org.unimark.keel.linux;
