// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// Shared by the two kinds of child this target forks. Not part of the module.

#ifndef BFS_CHILD_H
#define BFS_CHILD_H

#include <stdint.h>
#include <sys/types.h>

/// fork with all signals blocked in the child and no atfork handlers run.
pid_t bfs_fork(void);

/// Tells the parent what failed, with the present errno, and ends the child.
void bfs_child_fail(int report, int32_t step) __attribute__((noreturn));

/// Becomes uid and gid without supplementary groups, for this process only.
void bfs_child_become(int report, uid_t uid, gid_t gid);

/// Default handlers for every signal, then an empty mask.
void bfs_child_default_signals(void);

#endif
