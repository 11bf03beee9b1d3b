// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;

/** Letters as the protocol and SQL's keywords use them: ASCII, without a locale. */
final class Ascii {
    private Ascii() {}

    static int lower(int character) {
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
    }

    static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    static boolean isSpace(int character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }

    /** The first character of an identifier or keyword; every byte of a character beyond ASCII is one. */
    static boolean isLetter(int character) {
        int lower = lower(character);
        return (lower >= 'a' && lower <= 'z') || character == '_' || character >= 0x80;
    }

    static boolean isPartOfWord(int character) {
        return isLetter(character) || isDigit(character) || character == '$';
    }

    /** Whether {@code lowerCase} is at {@code at}, in any case; the caller has compared the lengths. */
    static boolean matchesAnyCase(Bytes bytes, int at, String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            if (lower(bytes.u8(at + i)) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean matches(Bytes bytes, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes.u8(at + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A string of the bytes, one character each: for names and settings, which are few. */
    static String string(Bytes bytes, int at, int length) {
        char[] characters = new char[length];
        for (int i = 0; i < length; i++) {
            characters[i] = (char) bytes.u8(at + i);
        }
        return new String(characters);
    }

    static String lowerCase(String text) {
        char[] characters = text.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            characters[i] = (char) lower(characters[i]);
        }
        return new String(characters);
    }

    static String upperCase(String text) {
        char[] characters = text.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (characters[i] >= 'a' && characters[i] <= 'z') {
                characters[i] -= 'a' - 'A';
            }
        }
        return new String(characters);
    }

    /** The position behind the zero that ends the text at {@code at}, or -1. */
    static int behindText(Bytes data, int at, int end) {
        for (int i = at; i < end; i++) {
            if (data.u8(i) == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** Whether there is more than spaces and semicolons. */
    static boolean moreFollows(Bytes data, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!isSpace(data.u8(i)) && data.u8(i) != ';') {
                return true;
            }
        }
        return false;
    }
}
