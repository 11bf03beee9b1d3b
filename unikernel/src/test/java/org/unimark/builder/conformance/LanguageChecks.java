// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Strings, arrays, exceptions, initialisers, dispatch. */
final class LanguageChecks {
    static final int EXCEPTION_KINDS = 12;

    private LanguageChecks() {}

    static long strings() {
        Digest digest = new Digest();
        StringBuilder builder = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            builder.append((char) ('a' + i % 26))
                    .append(i)
                    .append(':')
                    .append(i % 3 == 0)
                    .append((long) i << 40);
        }
        String text = builder.toString();
        digest.add(text);
        digest.add(text.hashCode());
        digest.add(text.indexOf("z2"));
        digest.add(text.lastIndexOf("true"));
        digest.add(text.substring(10, 400).trim());
        digest.add(text.replace('a', 'ä'));
        digest.add(text.compareTo("a0:tru"));
        digest.add("Grüße \u20ac \ud83d\ude00".length());
        digest.add(String.valueOf(new char[] {'x', '\u20ac', '\uffff'}));
        digest.add(text.startsWith("a0:") && text.contains("b1") && text.equals(builder.toString()) ? 1 : 0);
        digest.add(new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 3, 50));
        return digest.value();
    }

    static long arrays() {
        Digest digest = new Digest();
        int[] numbers = new int[1000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i * 7919 % 1009 - 500;
        }
        int[] copy = Arrays.copyOf(numbers, 1200);
        System.arraycopy(copy, 0, copy, 100, 900);
        Arrays.sort(numbers);
        for (int number : numbers) {
            digest.add(number);
        }
        for (int number : copy) {
            digest.add(number);
        }
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] += (byte) (i * 3);
            bytes[i] <<= 1;
            digest.add(bytes[i]);
        }
        long[][] table = new long[5][7];
        table[4][6] = Long.MIN_VALUE;
        digest.add(table.length * 100 + table[4].length + table[4][6]);
        return digest.value();
    }

    /** One kind of exception that the language throws by itself, and the order of finally blocks. */
    static long exception(int kind) {
        Digest digest = new Digest();
        try {
            digest.add(thrower(kind, digest));
        } catch (ArrayIndexOutOfBoundsException caught) {
            digest.add(100);
        } catch (IndexOutOfBoundsException caught) {
            digest.add(101);
        } catch (NullPointerException caught) {
            digest.add(102);
        } catch (ClassCastException caught) {
            digest.add(103);
        } catch (NegativeArraySizeException caught) {
            digest.add(104);
        } catch (IllegalStateException caught) {
            digest.add(caught.getMessage());
        } finally {
            digest.add(105);
        }
        return digest.value();
    }

    private static int thrower(int kind, Digest digest) {
        int[] array = new int[3];
        Object object = kind == 3 ? "text" : null;
        try {
            switch (kind) {
                case 0:
                    return array[3];
                case 1:
                    return array[-1];
                case 2:
                    return object.hashCode();
                case 3:
                    return ((Integer) object).intValue();
                case 4:
                    return new int[kind - 5].length;
                case 5:
                    throw new IllegalStateException("five");
                case 6:
                    return "abc".charAt(3);
                case 7:
                    return new ArrayList<String>().get(0).length();
                case 8:
                    return afterComparison(array, 3);
                case 9:
                    return new int[2][kind - 10].length;
                case 10:
                    Object[] strings = new String[1];
                    return strings[kind - 10] == null ? afterLoop(array) : 0;
                default:
                    return kind;
            }
        } finally {
            digest.add(200 + kind);
        }
    }

    /** The comparison does not keep the access from happening. */
    private static int afterComparison(int[] array, int index) {
        int penalty = 0;
        if (index >= array.length) {
            penalty = 7;
        }
        return array[index] + penalty;
    }

    private static int afterLoop(int[] array) {
        int index = 0;
        while (index < array.length) {
            index++;
        }
        return array[index];
    }

    enum Shape {
        POINT(0),
        LINE(2) {
            @Override
            int weight(int factor) {
                return super.weight(factor) + 1;
            }
        },
        TRIANGLE(3);

        static final List<String> NAMES = new ArrayList<>();

        static {
            for (Shape shape : values()) {
                NAMES.add(shape.name());
            }
        }

        final int corners;

        Shape(int corners) {
            this.corners = corners;
        }

        int weight(int factor) {
            return corners * factor;
        }
    }

    /** Its initialiser needs another class's, which needs a method of a third. */
    static final class First {
        static final int VALUE = Second.value * 2 + Shape.TRIANGLE.corners;

        private First() {}
    }

    static final class Second {
        static int value = compute();

        private Second() {}

        private static int compute() {
            return Shape.NAMES.size() * 10 + Shape.LINE.weight(3);
        }
    }

    static long initializers() {
        Digest digest = new Digest();
        digest.add(First.VALUE);
        Second.value++;
        digest.add(Second.value);
        for (Shape shape : Shape.values()) {
            digest.add(shape.weight(5) + shape.ordinal());
            switch (shape) {
                case POINT -> digest.add(1);
                case LINE -> digest.add(2);
                case TRIANGLE -> digest.add(3);
            }
        }
        digest.add(Shape.valueOf("LINE").ordinal());
        return digest.value();
    }

    static long collections() {
        Digest digest = new Digest();
        Map<String, Integer> map = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            map.merge("key" + i % 321, i, Integer::sum);
        }
        for (int i = 0; i < 400; i++) {
            Integer value = map.get("key" + i);
            digest.add(value == null ? -1 : value);
        }
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            list.add(i * 37 % 101);
        }
        list.sort((a, b) -> b - a);
        for (int value : list) {
            digest.add(value);
        }
        return digest.value();
    }
}
