// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Plays sequences of commands to two servers, and shortens the sequence that tells them apart. */
final class Differential {
    private static final int SCAN_LIMIT = 100_000;
    private static final Set<String> REMOVE_WHAT_THEY_CHOOSE = Set.of("SPOP");

    private final KeyValueTarget oracle;
    private final KeyValueTarget subject;
    private final int protocol;
    private long commands;
    private long errors;

    Differential(KeyValueTarget oracle, KeyValueTarget subject, int protocol) {
        this.oracle = oracle;
        this.subject = subject;
        this.protocol = protocol;
    }

    long commands() {
        return commands;
    }

    long errors() {
        return errors;
    }

    /** Plays all from an empty database on; null, or how the servers differ in the shortest sequence found. */
    String play(List<Command> sequence) {
        int failed = firstDifference(sequence);
        if (failed < 0) {
            return null;
        }
        List<Command> shortest = shorten(new ArrayList<>(sequence.subList(0, failed + 1)));
        int at = firstDifference(shortest);
        StringBuilder text = new StringBuilder("RESP" + protocol + ", after\n");
        shortest.forEach(command -> text.append("  ").append(command).append('\n'));
        return text + (at < 0 ? "not reproduced from an empty database" : difference).toString();
    }

    private String difference = "";

    private void reset() {
        for (KeyValueTarget target : List.of(oracle, subject)) {
            target.call("FLUSHALL");
            target.call("SELECT", "0");
            if (protocol == 3) {
                target.call("HELLO", "3");
            }
        }
    }

    private int firstDifference(List<Command> sequence) {
        reset();
        for (int i = 0; i < sequence.size(); i++) {
            difference = compare(sequence.get(i));
            if (difference != null) {
                return i;
            }
        }
        return -1;
    }

    private List<Command> shorten(List<Command> failing) {
        List<Command> current = failing;
        for (int chunk = current.size() / 2; chunk >= 1; chunk /= 2) {
            for (int at = 0; at + chunk < current.size(); ) {
                List<Command> candidate = new ArrayList<>(current.subList(0, at));
                candidate.addAll(current.subList(at + chunk, current.size()));
                int failed = firstDifference(candidate);
                if (failed >= 0) {
                    current = new ArrayList<>(candidate.subList(0, failed + 1));
                } else {
                    at += chunk;
                }
            }
        }
        return current;
    }

    /** Plays one command; null, or how the replies differ. */
    private String compare(Command command) {
        commands++;
        Reply expected = oracle.call(0, command.arguments());
        Reply actual = subject.call(0, command.arguments());
        if (actual.isError()
                && actual.text().startsWith("ERR unknown command '")
                && command.name().equals("OBJECT")) {
            return null;
        }
        if (expected.isError()) {
            errors++;
        }
        if (isBeyondDoubles(command, expected, actual)) {
            return forget(command.arguments().get(1));
        }
        if (expected.isError() || actual.isError()) {
            return verdict(command, expected, actual);
        }
        return switch (command.comparison()) {
            case EXACT -> verdict(command, expected, actual);
            case UNORDERED -> verdict(command, expected.sorted(1), actual.sorted(1));
            case PAIRS ->
                // RESP3 nests the pairs of some commands, and marks the others as a map.
                verdict(command, expected.sorted(isFlat(expected) ? 2 : 1), actual.sorted(isFlat(actual) ? 2 : 1));
            case RANDOM -> compareRandom(command, expected, actual);
            case SCAN -> compareScans(command, expected, actual);
            case TIME -> compareTimes(command, expected, actual);
        };
    }

    /** Redis adds long doubles, whose range is not supported (docs/supported.md): the old value has such an exponent. */
    private boolean isBeyondDoubles(Command command, Reply expected, Reply actual) {
        if (!command.name().equals("INCRBYFLOAT") || !actual.toString().equals("-\"ERR value is not a valid float\"")) {
            return false;
        }
        Reply old = subject.call("GET", command.arguments().get(1));
        return expected.type() == '$' && old.text() != null && old.text().matches("[-+]?[0-9.]+e[-+]?[0-9]{4}");
    }

    private String forget(String key) {
        oracle.call("DEL", key);
        subject.call("DEL", key);
        return null;
    }

    private static boolean isFlat(Reply reply) {
        return reply.size() == 0 || reply.elements().get(0).elements() == null;
    }

    private static String verdict(Command command, Reply expected, Reply actual) {
        if (expected.toString().equals(actual.toString())) {
            return null;
        }
        return command + "\nexpected " + expected + "\nactual   " + actual;
    }

    private String compareTimes(Command command, Reply expected, Reply actual) {
        if (expected.type() != ':' || actual.type() != ':') {
            return verdict(command, expected, actual);
        }
        long tolerance = command.name().startsWith("P") ? 5000 : 5;
        long wanted = Long.parseLong(expected.text());
        long got = Long.parseLong(actual.text());
        boolean isClose = wanted < 0 ? wanted == got : got >= 0 && Math.abs(wanted - got) <= tolerance;
        return isClose ? null : verdict(command, expected, actual);
    }

    /** Both choose from the same content, so it is their number and shape, and that they are from it, that can be compared. */
    private String compareRandom(Command command, Reply expected, Reply actual) {
        if (expected.type() != actual.type() || (expected.text() == null) != (actual.text() == null)) {
            return verdict(command, expected, actual);
        }
        long count =
                command.arguments().size() < 3 || command.arguments().get(2).startsWith("-") ? 1 : 0;
        if (count == 0 && expected.size() != actual.size()) {
            return verdict(command, expected, actual);
        }
        if (REMOVE_WHAT_THEY_CHOOSE.contains(command.name())) {
            return compareRest(command, actual);
        }
        return requireFromContent(command, actual);
    }

    private String compareRest(Command command, Reply actual) {
        String key = command.arguments().get(1);
        Reply left = oracle.call("SCARD", key);
        Reply leftHere = subject.call("SCARD", key);
        Reply members = subject.call("SMEMBERS", key);
        forget(key);
        List<String> popped = actual.elements() == null ? List.of(String.valueOf(actual.text())) : actual.texts();
        if (new HashSet<>(popped).size() != popped.size() || popped.stream().anyMatch(members.texts()::contains)) {
            return command + "\npopped twice, or not removed: " + actual + " of " + members;
        }
        return verdict(command, left, leftHere);
    }

    private String requireFromContent(Command command, Reply actual) {
        String key = command.arguments().get(command.arguments().size() > 1 ? 1 : 0);
        Reply content = switch (command.name()) {
            case "HRANDFIELD" -> subject.call("HGETALL", key);
            case "ZRANDMEMBER" -> subject.call("ZRANGE", key, "0", "-1", "WITHSCORES");
            case "SRANDMEMBER" -> subject.call("SMEMBERS", key);
            default -> subject.call("KEYS", "*");
        };
        String whole = content.toString();
        boolean isFromContent = actual.elements() == null
                ? actual.text() == null
                        || whole.contains(Reply.of('$', actual.text()).toString())
                : flat(actual).stream().allMatch(element -> whole.contains(element.toString()));
        return isFromContent ? null : command + "\nchose " + actual + "\nfrom " + content;
    }

    private static List<Reply> flat(Reply reply) {
        List<Reply> elements = new ArrayList<>();
        reply.elements()
                .forEach(
                        element -> elements.addAll(element.elements() == null ? List.of(element) : element.elements()));
        return elements;
    }

    private String compareScans(Command command, Reply expected, Reply actual) {
        if (expected.size() != 2 || actual.size() != 2) {
            return verdict(command, expected, actual);
        }
        Set<String> wanted = iterate(oracle, command, expected);
        Set<String> got = iterate(subject, command, actual);
        return wanted.equals(got) ? null : command + "\nexpected in all " + wanted + "\nactual " + got;
    }

    /** From a cursor in the middle of nowhere both may return anything: only whole iterations count. */
    private static Set<String> iterate(KeyValueTarget target, Command command, Reply first) {
        Set<String> seen = new HashSet<>();
        int cursorAt = command.name().equals("SCAN") ? 1 : 2;
        List<String> arguments = new ArrayList<>(command.arguments());
        if (!arguments.get(cursorAt).equals("0")) {
            return seen;
        }
        Reply reply = first;
        for (int i = 0; ; i++) {
            Reply page = reply.elements().get(1);
            int stride = command.name().equals("HSCAN") || command.name().equals("ZSCAN") ? 2 : 1;
            for (int j = 0; j < page.size(); j += stride) {
                seen.add(page.elements().subList(j, j + stride).toString());
            }
            String cursor = reply.elements().get(0).text();
            if (cursor.equals("0")) {
                return seen;
            }
            if (i > SCAN_LIMIT) {
                throw new AssertionError("endless: " + command);
            }
            arguments.set(cursorAt, cursor);
            reply = target.call(0, arguments);
        }
    }
}
