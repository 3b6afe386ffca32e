// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// What Swift cannot ask for itself: heap blocks and processor time of this program (Linux, glibc).

#ifndef MEASUREMENT_H
#define MEASUREMENT_H

#include <stdint.h>

/// How many blocks this program has asked for (malloc, calloc, realloc, posix_memalign).
uint64_t allocation_count(void);

/// Processor time of the calling thread in nanoseconds; time spent waiting for a core is not in it.
uint64_t processor_nanoseconds(void);

#endif
