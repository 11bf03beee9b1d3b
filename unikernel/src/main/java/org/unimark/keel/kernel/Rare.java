// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A class or a method whose code is asked for so rarely that in images it is to be small rather than fast. A method that says so
 * itself is never inlined; short ones of a class that says so may be.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Rare {}
