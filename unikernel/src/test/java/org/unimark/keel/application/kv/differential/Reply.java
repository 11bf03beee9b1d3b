// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A reply as it came over the wire: its type byte, its text, and what it contains; a null has neither. */
record Reply(char type, String text, List<Reply> elements) {
    static Reply of(char type, String text) {
        return new Reply(type, text, null);
    }

    static Reply of(char type, List<Reply> elements) {
        return new Reply(type, null, elements);
    }

    boolean isError() {
        return type == '-';
    }

    boolean isPush() {
        return type == '>';
    }

    int size() {
        return elements == null ? 0 : elements.size();
    }

    /** The texts of the elements. */
    List<String> texts() {
        return elements == null ? List.of() : elements.stream().map(Reply::text).toList();
    }

    /** The same with the elements in an order of our own, {@code stride} of which belong together. */
    Reply sorted(int stride) {
        if (elements == null || elements.size() % stride != 0) {
            return this;
        }
        record Group(String text, List<Reply> replies) {}
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < elements.size(); i += stride) {
            List<Reply> replies = elements.subList(i, i + stride);
            groups.add(new Group(replies.toString(), replies));
        }
        groups.sort(Comparator.comparing(Group::text));
        List<Reply> flat = new ArrayList<>();
        groups.forEach(group -> flat.addAll(group.replies()));
        return of(type, Collections.unmodifiableList(flat));
    }

    @Override
    public String toString() {
        if (elements != null) {
            return type + elements.stream().map(Reply::toString).collect(Collectors.joining(", ", "[", "]"));
        }
        return text == null ? type + "(null)" : type + "\"" + escape(text) + "\"";
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
                escaped.append(c);
            } else {
                escaped.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return escaped.toString();
    }
}
