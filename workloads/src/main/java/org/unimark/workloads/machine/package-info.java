// SPDX-License-Identifier: Apache-2.0
/** What this machine is and can do: facts for the record, the accelerator probe, packages that are missing. */
package org.unimark.workloads.machine;
