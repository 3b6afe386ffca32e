// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// The few system calls that Swift cannot make safely: what runs between fork and exec, and the
// child that enters a jail's network namespace. After a fork only async-signal-safe calls are
// made, on memory that the parent prepared.
//
// Linux only; on other systems every call fails with ENOSYS, so that the rest of the package can
// be developed there.

#ifndef C_BROWSER_FLEET_SPAWN_H
#define C_BROWSER_FLEET_SPAWN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a child was doing when it failed; the word for people is in `bfs_step_name`.
enum bfs_step {
    BFS_STEP_NONE = 0,
    BFS_STEP_FORK,
    BFS_STEP_PIDFD,
    BFS_STEP_SESSION,
    BFS_STEP_LIMITS,
    BFS_STEP_DESCRIPTORS,
    BFS_STEP_GROUPS,
    BFS_STEP_IDENTITY,
    BFS_STEP_EXEC,
    BFS_STEP_NAMESPACE,
    BFS_STEP_SOCKET,
    BFS_STEP_HANDOVER,
};

/// Where a call failed, and errno there.
struct bfs_failure {
    int32_t step;
    int32_t error;
};

/// One process to start. All memory stays the caller's.
struct bfs_request {
    /// Absolute path of the program.
    const char *path;
    /// NULL-terminated.
    char *const *argv;
    /// NULL-terminated; nothing is inherited.
    char *const *envp;
    /// Descriptors of the parent; the child gets descriptor_sources[i] as i. -1 means /dev/null.
    /// Every other descriptor is closed in the child.
    const int *descriptor_sources;
    size_t descriptor_count;
    /// Nonzero: become uid and gid with no supplementary groups before the program starts.
    int32_t drops_identity;
    uid_t uid;
    gid_t gid;
    /// 0: inherited. RLIMIT_NOFILE, soft and hard.
    uint64_t open_files;
    /// Added to the parent's badness (counted from 0 if that is below), so that the kernel takes a browser before the server. 0: inherited.
    int32_t oom_score_adjustment;
    /// Added to the parent's nice value, so that a browser never takes the processor from the server. 0: inherited.
    int32_t niceness;
};

/// Starts a program in a session and process group of its own, with default signal handlers, an
/// empty signal mask, no core file and no descriptor but those named.
///
/// Returns the child's pid and, in `pidfd`, a descriptor that becomes readable when it ends; or -1
/// with `failure` filled in and nothing left behind. The child must be reaped with `bfs_reap`.
/// bwrap's parent-death signal follows the calling *thread*: call this from one that lives as long
/// as the process.
pid_t bfs_spawn(const struct bfs_request *request, int *pidfd, struct bfs_failure *failure);

/// Returns a socket that listens on 127.0.0.1:`port` in the network namespace of the process
/// behind `pidfd`, or -1 with `failure` filled in.
///
/// A forked child enters the user and network namespace, makes the socket, hands it over and
/// ends: the caller's own namespaces never change. With `drops_identity` the child first becomes
/// `uid`, the owner of the user namespace, so that no capability of ours is needed.
int bfs_listen_in_namespace(
    int pidfd, uint16_t port, int32_t drops_identity, uid_t uid, gid_t gid,
    struct bfs_failure *failure);

/// Returns a socket that listens on 127.0.0.1, at a port the system chooses, in the caller's own
/// network namespace, and the port; or -1 with `failure` filled in.
int bfs_listen_here(uint16_t *port, struct bfs_failure *failure);

/// A pipe whose ends are closed on exec: read end, write end. 0, or -1 with errno set.
int bfs_pipe(int ends[2]);

/// Names the calling thread, for people who look at the process; at most 15 bytes are kept.
void bfs_name_thread(const char *name);

/// A pidfd of a running process, or -1 with errno set.
int bfs_pidfd_open(pid_t pid);

/// Sends a signal through a pidfd. 0, or -1 with errno set.
int bfs_pidfd_signal(int pidfd, int signal);

/// Kills what is left of the process group that `leader`, the child behind `pidfd`, led until it
/// ended. To be called before the child is reaped: until then no other group can come to have its
/// number. If it was reaped all the same, no other group is hit.
void bfs_kill_group(int pidfd, pid_t leader);

/// Reaps the child behind `pidfd` if it has ended: 1 and `status` (as of waitpid) filled in, 0 if it runs, -1 with
/// errno set. Never touches another child of the process.
int bfs_reap(int pidfd, int *status);

/// Like `bfs_reap`, but waits.
int bfs_reap_wait(int pidfd, int *status);

/// A short name of a step, for error messages.
const char *bfs_step_name(int32_t step);

#endif
