/* SPDX-License-Identifier: Apache-2.0
 *
 * From the hypervisor's PVH entry (32-bit protected mode, paging off, EBX = hvm_start_info) to keel_start in 64-bit mode,
 * and the first instructions of every exception and interrupt. See README.md for the layout that this relies on.
 */
#define CR0_PG_WP_MP_PE 0x80010003
#define CR4_SSE_PAE     0x620       /* OSXMMEXCPT, OSFXSR, PAE */
#define EFER            0xc0000080
#define EFER_NXE_LME    0x900
#define PAGE_HUGE_RW    0x83

        .section .note.keel, "a", @note
        .long   4, 4, 18            /* XEN_ELFNOTE_PHYS32_ENTRY */
        .asciz  "Xen"
        .long   keel_entry

        .section .text.entry, "ax" /* all else is still packed */
        .align  8
gdt:    .quad   0, 0x00209a0000000000, 0x0000920000000000 /* null, 64-bit code 0x08, data 0x10 */
gdt_pointer:
        .word   gdt_pointer - gdt - 1
        .quad   gdt

        .code32
        .globl  keel_entry
keel_entry:
        /* The first GiB, identical, in 2 MiB pages, until keel_start has built the real tables. These three pages are
         * the far end of the main stack, which nothing uses yet. */
        movl    $keel_stack + 0x2000, %edi
        movl    $PAGE_HUGE_RW, %eax
1:      movl    %eax, (%edi)
        addl    $8, %edi
        addl    $0x200000, %eax
        cmpl    $0x40000000, %eax
        jb      1b
        movl    $keel_stack + 0x1003, keel_stack
        movl    $keel_stack + 0x2003, keel_stack + 0x1000

        movl    $CR4_SSE_PAE, %eax
        movl    %eax, %cr4
        movl    $keel_stack, %eax
        movl    %eax, %cr3
        movl    $EFER, %ecx
        movl    $EFER_NXE_LME, %eax
        xorl    %edx, %edx
        wrmsr
        movl    $CR0_PG_WP_MP_PE, %eax
        movl    %eax, %cr0
        lgdt    gdt_pointer
        ljmp    $0x08, $2f

        .code64
2:      movl    $0x10, %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    %eax, %ss
        movl    $keel_stack_top, %esp
        xorl    %ebp, %ebp
        call    keel_unpack
        movl    %ebx, %edi
        fninit                          /* long double of C: all 64 bits, nothing traps */
        call    keel_start
        ud2

/* Exceptions: 32 stubs of 16 bytes. Each leaves an error code and its number on the interrupt stack. */
        .globl  keel_exceptions
        .align  16
keel_exceptions:
        .set    vector, 0
        .rept   32
        .align  16
        .if     !((1 << vector) & 0x60227d00) /* 8, 10-14, 17, 21, 29, 30 push one (Intel SDM 3, 6.15) */
        pushq   $0
        .endif
        pushq   $vector
        jmp     keel_exception
        .set    vector, vector + 1
        .endr

keel_exception:
        .irp    register, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
        pushq   %\register
        .endr
        movq    %rsp, %rdi
        cld
        call    keel_exception_panic
        ud2

/* Interrupts: 16 stubs of 16 bytes from vector 32 on. They end the hlt of keel_wait_for_interrupt and run nowhere else,
 * so that RAX, RCX and RDX are free. */
        .globl  keel_interrupt_stubs
        .align  16
keel_interrupt_stubs:
        .set    vector, 0
        .rept   16
        .align  16
        incl    keel_machine + 4 * vector(%rip)
        jmp     keel_end_of_interrupt
        .set    vector, vector + 1
        .endr

keel_end_of_interrupt:
        movq    keel_machine + 64(%rip), %rdx
        testq   %rdx, %rdx
        jz      3f
        movl    $0, (%rdx)
        iretq
3:      movl    $0x80b, %ecx            /* x2APIC end of interrupt */
        xorl    %eax, %eax              /* and EDX is zero */
        wrmsr
        .globl  keel_spurious_interrupt
keel_spurious_interrupt:
        iretq
