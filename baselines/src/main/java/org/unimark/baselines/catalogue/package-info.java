// SPDX-License-Identifier: Apache-2.0
/** The list of systems under test. Imports all other packages; imported by none of them. */
package org.unimark.baselines.catalogue;
