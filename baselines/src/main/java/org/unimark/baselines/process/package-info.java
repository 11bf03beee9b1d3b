// SPDX-License-Identifier: Apache-2.0
/** Running other programs with a deadline, and reading what they use. Imports nothing of the project. */
package org.unimark.baselines.process;
