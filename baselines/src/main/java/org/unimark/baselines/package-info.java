// SPDX-License-Identifier: Apache-2.0
/** Systems under test and the places they run in: Keel on a hypervisor, containers in Linux guests and on the host. */
package org.unimark.baselines;
