// SPDX-License-Identifier: Apache-2.0
/** The unikernel as a system under test, on both machine types. */
package org.unimark.baselines.keel;
