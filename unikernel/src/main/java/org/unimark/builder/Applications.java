// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The applications that come with Keel, by the names that people type. */
public final class Applications {
    private static final TreeMap<String, String> CLASSES = new TreeMap<>();

    static {
        CLASSES.put("http", "org.unimark.keel.application.http.HttpApplication");
        CLASSES.put("sql", "org.unimark.keel.application.sqlite.SqlApplication");
        CLASSES.put("front", "org.unimark.keel.application.front.FrontApplication");
        CLASSES.put("kv", "org.unimark.keel.application.kv.KvApplication");
    }

    private Applications() {}

    /** Binary name of the class, or empty if there is no such application. */
    public static Optional<String> named(String name) {
        return Optional.ofNullable(CLASSES.get(name));
    }

    public static Set<String> names() {
        return Set.copyOf(CLASSES.keySet());
    }
}
