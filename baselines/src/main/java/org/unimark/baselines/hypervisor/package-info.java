// SPDX-License-Identifier: Apache-2.0
/** Virtual machines as instances of systems under test. Imports {@code net}, {@code process}, {@code counter}. */
package org.unimark.baselines.hypervisor;
