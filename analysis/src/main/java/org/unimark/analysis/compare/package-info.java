// SPDX-License-Identifier: Apache-2.0
/** What differs between two runs, and whether it is noise. */
package org.unimark.analysis.compare;
