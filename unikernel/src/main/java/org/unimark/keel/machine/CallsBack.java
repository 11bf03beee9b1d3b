// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An imported C function that calls Java before it returns: objects may be collected and moved meanwhile, so the builder
 * treats a call of it like a call of Java that allocates. What calls back must not throw: the C frames in between would
 * be lost.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface CallsBack {}
