// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CMutexAnnotation.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Of the sanitizer's runtime: what came before a release is seen after the next acquire.
void __tsan_acquire(void *address);
void __tsan_release(void *address);

// `self` is the address of the lock's word, in the register Swift has for it.
#define SELF __attribute__((swift_context)) void *self
#define SWIFT __attribute__((swiftcall))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

static void *original(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        fprintf(stderr, "Swift's Mutex has changed: there is no %s\n", name);
        abort();
    }
    return found;
}

SWIFT void annotated_lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool annotated_try_lock(SELF) __asm__(TRY_LOCK);
SWIFT void annotated_unlock(SELF) __asm__(UNLOCK);

SWIFT void annotated_lock(uint32_t thread, SELF) {
    SWIFT void (*lock)(uint32_t, SELF) = original(LOCK);
    lock(thread, self);
    __tsan_acquire(self);
}

SWIFT bool annotated_try_lock(SELF) {
    SWIFT bool (*try_lock)(SELF) = original(TRY_LOCK);
    bool is_held = try_lock(self);
    if (is_held) { __tsan_acquire(self); }
    return is_held;
}

SWIFT void annotated_unlock(SELF) {
    SWIFT void (*unlock)(SELF) = original(UNLOCK);
    __tsan_release(self);
    unlock(self);
}
