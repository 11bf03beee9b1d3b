// SPDX-License-Identifier: Apache-2.0
// A guest that executes a known number of instructions between its marks, and then powers off.
.macro mark code
    .byte 0x0f, 0x1f, 0x84, 0x00, \code, 0x4d, 0x52, 0x4b
.endm

    .section .note.pvh, "a", @note
    .long 4, 4, 18          // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long entry

    .text
    .code32
    .globl entry
entry:
    cld
    mark 1
    movl $1000000, %ecx     // 1 + 2,000,000 instructions to the next mark, and the mark itself
1:  decl %ecx
    jnz 1b
    mark 2
    movl $5000, %edx        // 1 + 5,000 * 5, of which 5,000 are string instructions of 300 iterations
2:  movl $buffer, %edi
    movl $300, %ecx
    rep stosb
    decl %edx
    jnz 2b
    mark 3
    movl $5000, %edx        // the same with nothing to copy: no iterations
3:  movl $buffer, %esi
    xorl %ecx, %ecx
    repne scasl
    decl %edx
    jnz 3b
    mark 4
    movl $1, %eax
    outl %eax, $0xf4        // isa-debug-exit: status 3
4:  hlt
    jmp 4b

    .bss
    .balign 16
buffer:
    .skip 4096
