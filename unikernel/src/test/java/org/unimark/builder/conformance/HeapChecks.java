// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.conformance;

/**
 * Allocates several times the heap while structures live on stacks, in fields, in arrays and across exceptions: a
 * reference that the collector does not know of ends in a wrong sum or a crash.
 */
final class HeapChecks {
    private static Node kept;

    private final Node[] table = new Node[512];
    private int seed = 12345;

    /** A tree node with a label that says whether it is still itself. */
    private static final class Node {
        final int label;
        final String name;
        Node left;
        Node right;

        Node(int label, Node left, Node right) {
            this.label = label;
            this.name = "n" + label;
            this.left = left;
            this.right = right;
        }

        long sum() {
            long below = (left == null ? 0 : left.sum()) + (right == null ? 0 : right.sum() * 3);
            return below + label + name.length() + name.charAt(name.length() - 1);
        }
    }

    private static final class Overload extends Exception {
        private static final long serialVersionUID = 1L;
        final transient Node cause;

        Overload(Node cause) {
            super("overload " + cause.label);
            this.cause = cause;
        }
    }

    /** An allocation behind an interface, with an implementation that does none. */
    private interface Step {
        Node apply(Node node, int turn);
    }

    private int random() {
        seed = seed * 1103515245 + 12345;
        return seed >>> 8;
    }

    private Node tree(int depth) {
        if (depth == 0) {
            return new Node(random() & 0xff, null, null);
        }
        // The left tree is only on the stack while the right one is built.
        Node left = tree(depth - 1);
        Node right = tree(depth - 1);
        return new Node(depth, left, right);
    }

    static long churn() {
        HeapChecks checks = new HeapChecks();
        Digest digest = new Digest();
        kept = checks.tree(8);
        Step copy = (node, turn) -> new Node(turn & 0x7f, node, null);
        Step nothing = (node, turn) -> node;
        for (int turn = 0; turn < 4000; turn++) {
            Node tree = checks.tree(turn % 7);
            int slot = checks.random() % checks.table.length;
            Node before = checks.table[slot];
            Step step = turn % 3 == 0 ? copy : nothing;
            checks.table[slot] = step.apply(tree, turn);
            digest.add(tree.sum() + (before == null ? 0 : before.sum()));
            digest.add(checks.guarded(turn, tree));
        }
        for (Node node : checks.table) {
            digest.add(node == null ? 0 : node.sum());
        }
        digest.add(kept.sum());
        return digest.value();
    }

    /** Throws through frames that hold references, with allocation before, in and after the handler. */
    private long guarded(int turn, Node tree) {
        Node before = new Node(turn % 50, tree, null);
        long result = 0;
        try {
            result = descend(turn % 5, before);
        } catch (Overload overload) {
            Node after = new Node(overload.getMessage().length(), overload.cause, before);
            result = after.sum();
        } finally {
            result += before.sum() + tree(2).sum();
        }
        return result;
    }

    private long descend(int depth, Node node) throws Overload {
        Node local = new Node(depth, node, null);
        if (depth == 0) {
            if ((node.label & 1) == 0) {
                throw new Overload(local);
            }
            return local.sum();
        }
        long below = descend(depth - 1, local);
        return below + local.sum() + tree(1).sum();
    }
}
